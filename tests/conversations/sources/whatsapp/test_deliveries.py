"""Webhooks, four of each event, shuffled, over four processes: each event counts once."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.conversations.sources.whatsapp.plan import TIMES, Plan
from tests.drills.conftest import database_url, postgres_url

__all__ = ["database_url", "postgres_url"]

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]

SMALL = 100
FULL = 2500


@pytest.fixture(scope="module")
def number() -> int:
    """Return how many events there are."""
    return FULL if os.environ.get("DRILL_ROUNDS") == "full" else SMALL


@pytest.fixture(scope="module")
def outcome(number: int, database_url: str) -> dict[str, Any]:
    """Return the answers and the effects of all deliveries."""
    place = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PARLEY_TEST_DATABASE_URL": database_url,
        "LOG_LEVEL": "CRITICAL",
    }
    finished = subprocess.run(
        [sys.executable, "-m", "tests.conversations.sources.whatsapp.delivering", str(number)],
        env={**os.environ, **place},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


def test_what_is_forged_is_refused_and_all_else_is_answered_200(
    number: int, outcome: dict[str, Any]
) -> None:
    answers = outcome["answers"]
    assert set(answers) == {"whole 200", "cut 200", "forged 401"}
    assert sum(answers.values()) == number * TIMES
    # Each body is stored once; the one beside is Victor's hello.
    assert sum(outcome["events"].values()) == outcome["signed"] + 1


def test_every_event_has_one_effect(number: int, outcome: dict[str, Any]) -> None:
    plan = Plan("line", number)
    texts, photos = len(plan.of_kind("text")), len(plan.of_kind("image"))
    assert (outcome["texts"], outcome["photos"], outcome["files"]) == (texts, photos, photos)
    assert outcome["unsupported"] == len(plan.of_kind("hologram"))
    assert outcome["different"] == texts + photos + 1
    assert outcome["reactions"] == len(plan.of_kind("reaction"))
    # The one beside is Victor's hello.
    assert outcome["inbound"] == number - len(plan.of_kind("status")) + 1
    assert outcome["gaps"] == []


def test_statuses_only_move_forward(number: int, outcome: dict[str, Any]) -> None:
    plan = Plan("line", number)
    wanted = dict.fromkeys(("sent", "delivered", "read"), 0)
    wanted["sent"] += len(plan.of_kind("reaction"))
    for event in plan.of_kind("status"):
        wanted[("sent", "delivered", "read")[event % 3]] += 1
    assert outcome["states"] == wanted


def test_every_customer_has_one_conversation(outcome: dict[str, Any]) -> None:
    # The one beside is Victor, whose conversation the reactions and statuses are about.
    assert outcome["conversations"] == outcome["customers"] + 1
    assert outcome["contacts"] == outcome["customers"] + 1


def test_what_was_cut_short_is_kept_and_marked(outcome: dict[str, Any]) -> None:
    assert set(outcome["events"]) == {"done", "failed"}
    assert outcome["events"]["failed"] <= outcome["answers"]["cut 200"]
