"""A model that hangs: a worker that waits for it is restarted all the same, and goes on after."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.drills.shop import Shop
from tests.servers import ports
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.timeout(300)]

BACK = 10.0
HANGING = "demo:stall-headers"


@pytest.fixture(scope="module")
def app() -> Iterator[AppProcesses]:
    """Yield an instance whose utility model never says a word."""
    app = AppProcesses(LLM_UTILITY_MODEL=HANGING)
    app.start()
    yield app
    app.stop()


@pytest.fixture(scope="module")
def demo(app: AppProcesses) -> dict[str, Any]:
    """Its keys and ids."""
    return app.demo()


def test_a_worker_whose_title_hangs_is_restarted(app: AppProcesses, shop: Shop) -> None:
    conversation = shop.ask()
    shop.wait_for(conversation, "end")
    ports.wait_for("the title's call", lambda: titling(shop) > 0, within=10)
    former = app.pid("io")
    began = time.monotonic()
    os.kill(former, signal.SIGTERM)
    app.wait_for_another("io", former, within=BACK)
    assert time.monotonic() - began < BACK
    before = titling(shop)
    ports.wait_for("another worker's call", lambda: titling(shop) > before, within=BACK)


def titling(shop: Shop) -> int:
    """Count the requests for a title."""
    return sum(entry["body"].get("model") == HANGING for entry in shop.model_requests("title"))
