"""The most tokens per second: ten answers as fast as the model is read."""

import os

import pytest

from tests.bench.figures import Show, at_least_times
from tests.bench.references.stamped_model import Pace
from tests.bench.running.bare import BARE, Bare
from tests.bench.running.chainlit import CHAINLIT, Chainlit
from tests.bench.running.parley import Parley
from tests.bench.running.sides import Shown, measured, show_each

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

STREAMS = 10
TOKENS = int(os.environ.get("BENCH_TOKENS", "1000"))


def test_most_tokens(parley: Parley, bare: Bare, chainlit: Chainlit | None, show: Show) -> None:
    rounds = measured([parley, bare, chainlit], Pace(rate=0, tokens=TOKENS), streams=STREAMS)
    goals = {BARE: None, CHAINLIT: at_least_times(10)}
    name = f"most tokens, {STREAMS} streams"
    show_each(show, rounds, Shown("tokens/s", name, goals, unit="1/s"))
