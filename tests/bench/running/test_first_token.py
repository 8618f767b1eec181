"""How long a customer waits for the first token."""

from functools import partial
from statistics import median

import pytest

from tests.bench.clients import run
from tests.bench.figures import Measures, Show, at_most, in_turns
from tests.bench.references.stamped_model import Pace
from tests.bench.running.bare import BARE, Bare
from tests.bench.running.chainlit import CHAINLIT, Chainlit
from tests.bench.running.parley import AtOnce, Parley
from tests.bench.running.paths import Path, answers
from tests.bench.running.sides import Shown, measured, show_each

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

QUESTIONS = 10
SHORT = Pace(rate=0, tokens=8)
CROWD = 50
LONG = Pace(rate=50, tokens=100)


def test_one_question(parley: Parley, bare: Bare, chainlit: Chainlit | None, show: Show) -> None:
    show_one(show, "first token, 1 question", 350, [parley, bare, chainlit])


def test_nothing_gathered(
    at_once: AtOnce, bare: Bare, chainlit: Chainlit | None, show: Show
) -> None:
    show_one(show, "first token, 1 question, nothing gathered", 50, [at_once, bare, chainlit])


def test_crowd(parley: Parley, bare: Bare, chainlit: Chainlit | None, show: Show) -> None:
    rounds = measured([parley, bare, chainlit], LONG, streams=CROWD, within=1)
    name = f"first token, {CROWD} questions within a second"
    show_each(
        show,
        rounds,
        Shown("first p50", f"{name}: p50", {BARE: at_most(1000), CHAINLIT: None}),
        Shown("first p99", f"{name}: p99", {BARE: at_most(2000), CHAINLIT: None}),
    )


def show_one(show: Show, name: str, most: float, paths: list[Path | None]) -> None:
    """Ask one question after the other, and show the middle."""
    rounds = run(in_turns({path.name: partial(asked, path) for path in paths if path}))
    show_each(show, rounds, Shown("p50", name, {BARE: at_most(most), CHAINLIT: None}))


async def asked(path: Path) -> Measures:
    """Return how long the first token took in the middle, in milliseconds."""
    firsts = [(await answers(path, SHORT)).first_tokens()[0] for _ in range(QUESTIONS)]
    return {"p50": median(firsts)}
