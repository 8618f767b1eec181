"""Deaths of the worker at named points of an answer: still one answer, and nothing lost.

Each point is one that can be seen from outside; the worker is killed in the moment it shows.
"""

import os
import secrets
import time
from collections.abc import Callable
from functools import partial

import pytest

from tests.drills.shop import QUESTION, RECOVERY, Shop
from tests.servers import ports
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]

DEATHS = 20 if os.environ.get("DRILL_ROUNDS") == "full" else 1


def claimed(shop: Shop, conversation: str, token: str) -> bool:
    """Return whether a worker has claimed the run."""
    return bool(shop.of(conversation, "run.started"))


def called(shop: Shop, conversation: str, token: str) -> bool:
    """Return whether the model has the question and the step is stored."""
    return bool(shop.model_requests(token))


def wanted(shop: Shop, conversation: str, token: str) -> bool:
    """Return whether the model requests a tool and the call is stored."""
    return bool(shop.of(conversation, "tool_call"))


def used(shop: Shop, conversation: str, token: str) -> bool:
    """Return whether the tool has answered and its result is stored."""
    return bool(shop.of(conversation, "tool_result"))


def said(shop: Shop, conversation: str, token: str) -> bool:
    """Return whether the model has finished; the answer is perhaps no message yet."""
    entries = shop.model_requests(token)
    return len(entries) > 1 and entries[-1]["finished"] is not None


def ended(shop: Shop, conversation: str, token: str) -> bool:
    """Return whether the answer is a message."""
    return bool(shop.of(conversation, "end"))


@pytest.mark.parametrize("point", [claimed, called, wanted, used, said, ended])
def test_a_death_at_any_point_loses_and_doubles_nothing(
    app: AppProcesses, shop: Shop, point: Callable[[Shop, str, str], bool]
) -> None:
    for _ in range(DEATHS):
        token = secrets.token_hex(8)
        conversation = shop.ask(f"{QUESTION} {token}")
        show = partial(point, shop, conversation, token)
        ports.wait_for(point.__name__, show, within=RECOVERY, every=0)
        former = app.kill_worker()
        killed = time.monotonic()
        shop.wait_for(conversation, "end")
        assert time.monotonic() - killed < RECOVERY
        shop.assert_answered_once(conversation)
        results = [result["tool_call"] for result in shop.of(conversation, "tool_result")]
        assert len(results) == len(set(results))
        app.wait_for_another("live", former)
