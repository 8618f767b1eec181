"""A worker that freezes beyond its lease: another goes on, and the zombie writes nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config import env
from tests.drills.shop import RECOVERY, Shop
from tests.servers import ports
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]

FREEZES = 30 if os.environ.get("DRILL_ROUNDS") == "full" else 1
QUESTIONS = 4 if os.environ.get("DRILL_ROUNDS") == "full" else 10
"""Enough that some are the frozen worker's, however the two share them."""
SLOW = "What is your policy for a lamp that arrived damaged? [demo:rate=20]"


@pytest.fixture
def second(app: AppProcesses) -> Iterator[None]:
    """Yield a second worker that answers."""
    log = app.data_dir / "log" / "second.log"
    command = ["-m", "celery", "-A", "config", "worker", "--loglevel=INFO", "--pool=threads"]
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, *command, "-n", "second@%h", "-Q", "live", "-c", "16"],
            cwd=env.ROOT,
            env=app.environment,
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            ports.wait_for("the second worker", lambda: "ready." in log.read_text(), within=30)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def freeze(app: AppProcesses) -> int:
    """Stop the worker that answers, while it holds no lock of SQLite's; return its process id."""
    pid = app.pid("live")

    def is_frozen() -> bool:
        os.kill(pid, signal.SIGSTOP)
        if can_write(app.data_dir / "parley.sqlite3"):
            return True
        os.kill(pid, signal.SIGCONT)
        return False

    ports.wait_for("a moment without a lock", is_frozen, within=RECOVERY, every=0.01)
    return pid


def can_write(database: Path) -> bool:
    """Return whether nobody keeps others from writing for as long as a second."""
    with closing(sqlite3.connect(database, timeout=1, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True


@pytest.mark.usefixtures("second")
def test_a_zombie_writes_nothing(app: AppProcesses, shop: Shop) -> None:
    taken_over = 0
    for _ in range(FREEZES):
        conversations = [shop.ask(SLOW) for _ in range(QUESTIONS)]
        for conversation in conversations:
            shop.wait_for(conversation, "run.started")
        frozen = freeze(app)
        try:
            for conversation in conversations:
                shop.wait_for(conversation, "end", within=RECOVERY + 10)
        finally:
            os.kill(frozen, signal.SIGCONT)
        ends = {conversation: shop.events(conversation) for conversation in conversations}
        taken_over += sum(shop.run(conversation)["attempt"] > 1 for conversation in conversations)
        time.sleep(2)
        for conversation, log in ends.items():
            after = [event["type"] for event in shop.events(conversation)[len(log) :]]
            assert {"message.created", "end", "run.started"}.isdisjoint(after)
            shop.assert_answered_once(conversation)
    assert taken_over
