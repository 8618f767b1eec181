"""Figures: their medians, ratios, goals and lines."""

import json

import pytest

from tests.bench.clients import run
from tests.bench.figures import (
    OURS,
    Figure,
    Goal,
    Measures,
    at_least,
    at_least_times,
    at_most,
    at_most_times,
    in_turns,
    percentile,
    rounded,
)


def test_sides_take_turns() -> None:
    order: list[str] = []

    async def ours() -> Measures:
        order.append("ours")
        return {"cost": float(len(order))}

    async def bare() -> Measures:
        order.append("bare")
        return {"cost": 2.0}

    rounds = run(in_turns({OURS: ours, "bare": bare}))
    assert order == ["ours", "bare"] * 3
    line = json.loads(rounds.figure("cost", "ms", "cost", what="bare").line())
    assert (line["ours"], line["reference"], line["ratio"]) == (3, 2, 1.5)
    assert line["spread"] == {OURS: [1, 5], "bare": [2, 2]}


def test_a_reference_that_is_not_there_is_null() -> None:
    line = json.loads(Figure(name="a", unit="ms", ours=1.0, goal=at_most_times(2)).line())
    assert (line["reference"], line["ratio"], line["holds"]) == (None, None, None)


@pytest.mark.parametrize(
    ("goal", "holds"),
    [
        (at_most(4), True),
        (at_most(3), False),
        (at_least(4), True),
        (at_least(5), False),
        (at_most_times(2), True),
        (at_most_times(1), False),
        (at_least_times(2), True),
        (at_least_times(3), False),
    ],
)
def test_goals(goal: Goal, holds: bool) -> None:  # noqa: FBT001 - a column of the table
    assert goal.holds(4.0, 2.0) is holds


def test_goals_in_words() -> None:
    assert str(at_most(0.35)) == "≤ 0.35"
    assert str(at_least_times(0.5)) == "≥ 0.5 times the reference"


def test_percentiles_and_digits() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 3.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 99) == 4.0
    assert [rounded(value) for value in (0.0123456, 123456.0, 0.0, 7)] == [0.01235, 123500.0, 0, 7]
