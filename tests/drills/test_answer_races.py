"""Races around answers: an assistant never talks over a person, and nothing happens twice."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.drill, pytest.mark.timeout(600)]


def race(name: str, times: int, database_url: str) -> dict[str, int]:
    """Run a race in a process of its own; give how often each outcome came."""
    place = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PARLEY_TEST_DATABASE_URL": database_url,
    }
    finished = subprocess.run(
        [sys.executable, "-m", "tests.drills.answer_races", name, str(times)],
        env={**os.environ, **place},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    tally: dict[str, int] = json.loads(finished.stdout)
    return tally


@pytest.mark.parametrize("name", ["write-finish", "accept-finish"])
def test_an_answer_never_follows_the_person_who_took_over(
    races: int, database_url: str, name: str
) -> None:
    tally = race(name, races, database_url)
    assert tally.get("answer first", 0) + tally.get("person first", 0) == races


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("cancel-finish", "one end"),
        ("open-open", "one run"),
        ("take-take", "one worker"),
        ("decide-decide", "one decision"),
    ],
)
def test_of_two_at_once_one_wins(races: int, database_url: str, name: str, outcome: str) -> None:
    times = races // 5
    assert race(name, times, database_url) == {outcome: times}
