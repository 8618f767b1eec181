"""Fairness: greedy visitors keep nobody from being answered."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

import pytest

from tests.drills.visitors import TALKS, Greedy, Visitor, at_work
from tests.hostile.texts import hostile_texts
from tests.servers import ports
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.deadline, pytest.mark.timeout(900)]

IS_FULL = os.environ.get("DRILL_ROUNDS") == "full"
QUIET = 20 if IS_FULL else 4
QUESTIONS = 40 if IS_FULL else 6
GREEDY = 4
SLACK = 0.5
"""Seconds by which a shared machine may be late."""


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppProcesses]:
    """Yield an instance of the drill's own."""
    instance = AppProcesses(tmp_path_factory.mktemp("fairness"))
    instance.start()
    yield instance
    instance.assert_sound(within=120)
    instance.stop()


def test_greedy_visitors_keep_nobody_from_an_answer(besieged: AppProcesses) -> None:
    key = str(besieged.demo()["widget_key"])
    texts = hostile_texts()
    with ExitStack() as stack:
        honest = stack.enter_context(Visitor(besieged.url, key))
        quiet = [honest.answered() for _ in range(QUIET)]
        greedy = [
            stack.enter_context(Greedy(besieged.url, key, texts[number::GREEDY]))
            for number in range(GREEDY)
        ]
        with at_work(greedy):
            crowded = lambda: all(one.taken >= TALKS for one in greedy)  # noqa: E731
            ports.wait_for("the crowd", crowded, within=60)
            meanwhile = [honest.answered() for _ in range(QUESTIONS)]
    assert median(meanwhile) <= 2 * median(quiet) + SLACK, (quiet, meanwhile)
