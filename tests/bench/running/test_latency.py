"""What is added to each token's way from the model to a socket, and how many are carried."""

import pytest

from tests.bench.figures import Goal, Show, at_least, at_most, at_most_times
from tests.bench.references.stamped_model import Pace
from tests.bench.running.bare import BARE, Bare
from tests.bench.running.chainlit import CHAINLIT, Chainlit
from tests.bench.running.parley import Parley
from tests.bench.running.sides import Shown, measured, show_each

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

RATE = 50
CARRIED = 0.98
"""What counts as all: the clocks of so many streams are read one after the other."""

Goals = dict[str, Goal | None]


def test_one_stream(parley: Parley, bare: Bare, chainlit: Chainlit | None, show: Show) -> None:
    rounds = measured([parley, bare, chainlit], Pace(RATE, 200))
    name = "added latency per token, 1 stream"
    goals: Goals = {BARE: None, CHAINLIT: at_most_times(1)}
    figures = (Shown(share, f"{name}: {share}", goals) for share in ("p50", "p99"))
    show_each(show, rounds, *figures)


def test_many_streams(parley: Parley, bare: Bare, chainlit: Chainlit | None, show: Show) -> None:
    goals: Goals = {BARE: at_most(100), CHAINLIT: at_most_times(0.5)}
    all_of_them: Goals = {BARE: at_least(CARRIED * 50 * RATE), CHAINLIT: None}
    rounds = measured([parley, bare, chainlit], Pace(RATE, 400), streams=50)
    show_each(show, rounds, *shown(50, goals, all_of_them))


def test_twice_as_many(parley: Parley, bare: Bare, chainlit: Chainlit | None, show: Show) -> None:
    goals: Goals = {BARE: None, CHAINLIT: at_most_times(0.25)}
    rounds = measured([parley, bare, chainlit], Pace(RATE, 200), streams=100)
    show_each(show, rounds, *shown(100, goals, {BARE: None, CHAINLIT: None}))


def shown(streams: int, slowest: Goals, carried: Goals) -> list[Shown]:
    """Return the figures of so many streams."""
    name = f"added latency per token, {streams} streams of {RATE}/s"
    offered = f"tokens carried, {streams * RATE} offered"
    return [
        Shown("p50", f"{name}: p50", {BARE: None, CHAINLIT: None}),
        Shown("p99", f"{name}: p99", slowest),
        Shown("carried", offered, carried, unit="1/s"),
    ]
