"""Races: exactly one winner among any number of simultaneous acts."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.drill, pytest.mark.timeout(600)]


def race(name: str, times: int, database_url: str) -> dict[str, int]:
    """Run a race in a process of its own; return the number of each outcome."""
    place = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PARLEY_TEST_DATABASE_URL": database_url,
    }
    finished = subprocess.run(
        [sys.executable, "-m", "tests.drills.racing", name, str(times)],
        env={**os.environ, **place},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    tally: dict[str, int] = json.loads(finished.stdout)
    return tally


def test_of_two_agents_who_accept_at_once_one_wins(races: int, database_url: str) -> None:
    tally = race("accept-accept", races, database_url)

    assert tally == {"one winner": races, "already_accepted": races}
