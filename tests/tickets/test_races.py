"""Races: numbers without gaps, no lost change, no deadlock, on both databases."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.drills.conftest import database_url, postgres_url, races

__all__ = ["database_url", "postgres_url", "races"]

pytestmark = [pytest.mark.drill, pytest.mark.timeout(600)]

CREATORS = 8


def race(name: str, times: int, url: str) -> dict[str, Any]:
    """Run a race in a process of its own."""
    place = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "PARLEY_TEST_DATABASE_URL": url}
    finished = subprocess.run(
        [sys.executable, "-m", "tests.tickets.racing", name, str(times)],
        env={**os.environ, **place},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    tally: dict[str, Any] = json.loads(finished.stdout)
    return tally


def test_numbers_have_no_gaps_under_eight_creators(races: int, database_url: str) -> None:
    times = races // 4
    tally = race("create", times, database_url)

    assert tally == {"faults": [], "made": CREATORS * times, "gap_free": True}


def test_no_change_is_lost_between_two_editors(races: int, database_url: str) -> None:
    tally = race("edit", races, database_url)

    assert tally == {"faults": [], "lost": [], "versions_agree": True, "both_got_through": True}


def test_nobody_waits_for_ever(races: int, database_url: str) -> None:
    tally = race("everything", races // 5, database_url)

    assert tally == {"faults": [], "gaps": []}
