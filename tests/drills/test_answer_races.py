"""Races around answers: an assistant never talks over a person, and nothing happens twice."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]

Tallies = dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def tallies(races: int, database_url: str) -> Tallies:
    """Return how often each outcome of each race came, on one database."""
    place = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PARLEY_TEST_DATABASE_URL": database_url,
    }
    finished = subprocess.run(
        [sys.executable, "-m", "tests.drills.answer_races", str(races)],
        env={**os.environ, **place},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: Tallies = json.loads(finished.stdout)
    return found


@pytest.mark.parametrize("name", ["write-finish", "accept-finish"])
def test_an_answer_never_follows_the_person_who_took_over(
    races: int, tallies: Tallies, name: str
) -> None:
    tally = tallies[name]
    assert tally.get("answer first", 0) + tally.get("person first", 0) == races


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("cancel-finish", "one end"),
        ("open-open", "one run"),
        ("take-take", "one worker"),
        ("decide-decide", "one decision, made as often as approved"),
    ],
)
def test_of_two_at_once_one_wins(races: int, tallies: Tallies, name: str, outcome: str) -> None:
    assert tallies[name] == {outcome: races}
