"""Crashes in mid-stream: every question is answered exactly once, nothing accepted is lost."""

import os
import time

import pytest

from tests.drills.shop import RECOVERY, Shop
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]

WORKER_KILLS = 50 if os.environ.get("DRILL_ROUNDS") == "full" else 1
QUESTIONS = 4 if os.environ.get("DRILL_ROUNDS") == "full" else 2
REDIS_KILLS = 15 if os.environ.get("DRILL_ROUNDS") == "full" else 1


def test_a_killed_worker_loses_and_doubles_nothing(app: AppProcesses, shop: Shop) -> None:
    for _ in range(WORKER_KILLS):
        conversations = [shop.ask() for _ in range(QUESTIONS)]
        for conversation in conversations:
            shop.wait_for(conversation, "run.started")
        time.sleep(0.6)
        former = app.kill_worker()
        killed = time.monotonic()
        for conversation in conversations:
            shop.wait_for(conversation, "end", within=RECOVERY - (time.monotonic() - killed))
            shop.assert_answered_once(conversation)
        app.wait_for_another("live", former)
        app.wait_until_ready()


def test_a_killed_redis_refuses_and_loses_nothing(app: AppProcesses, shop: Shop) -> None:
    for _ in range(REDIS_KILLS):
        before = shop.ask()
        shop.wait_for(before, "run.started")
        app.kill_redis()
        meanwhile = [shop.ask() for _ in range(3)]
        for conversation in [before, *meanwhile]:
            shop.wait_for(conversation, "end", within=30)
            shop.assert_answered_once(conversation)
        app.wait_until_ready()
