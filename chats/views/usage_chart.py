"""The chart of usage: credits by day as bars, and the same numbers for a table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from chats import prices
from chats.models import Usage
from chats.objects.usage import Spent

WIDTH, HEIGHT = 760.0, 236.0
LEFT, TOP, FLOOR = 40.0, 14.0, 209.0
GAP = 1.0
BAR_SHARE = 0.72
WIDEST = 56.0
LABELS = 7
LINES = 4
ANSWERS, VOICE, ELSE = 0, 1, 2
_GROUPS = {
    Usage.Purpose.ANSWER: ANSWERS,
    Usage.Purpose.DESCRIPTION: VOICE,
    Usage.Purpose.TRANSCRIPT: VOICE,
}
_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Bar:
    """One part of a day's bar: its group, and its place in the drawing."""

    group: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Day:
    """One day: its credits by group, their sum, and its bars."""

    day: date
    credits: tuple[Decimal, Decimal, Decimal]
    bars: tuple[Bar, ...]
    middle: float
    is_labelled: bool

    @property
    def total(self) -> Decimal:
        """All credits of the day."""
        return sum(self.credits, Decimal(0))


@dataclass(frozen=True)
class Chart:
    """The chart: its days, and the lines behind them with their values."""

    days: tuple[Day, ...]
    lines: tuple[tuple[float, Decimal], ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    floor: float = FLOOR

    @property
    def is_empty(self) -> bool:
        """Whether nothing has cost anything."""
        return not any(day.total for day in self.days)


def of(rows: Iterable[tuple[Mapping[str, Any], Spent]], since: date, until: date) -> Chart:
    """Return the chart of ``rows`` by day and purpose, with the days on which nothing was."""
    found: dict[date, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for key, spent in rows:
        group = _GROUPS.get(key["purpose"], ELSE)
        found[key["day"]][group] += prices.credits_of(spent.cost) or Decimal(0)
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    top = _top(max((sum(found[day], Decimal(0)) for day in days), default=Decimal(0)))
    drawn = tuple(_day(day, number, len(days), found[day], top) for number, day in enumerate(days))
    lines = tuple((_height(top * n / LINES, top), top * n / LINES) for n in range(LINES + 1))
    return Chart(drawn, lines)


def _day(day: date, number: int, count: int, amounts: list[Decimal], top: Decimal) -> Day:
    room = (WIDTH - LEFT) / count
    width = min(room * BAR_SHARE, WIDEST)
    middle = LEFT + room * (number + 0.5)
    bars: list[Bar] = []
    below = Decimal(0)
    for group, amount in enumerate(amounts):
        if amount:
            upper, lower = _height(below + amount, top), _height(below, top)
            height = max(lower - upper - GAP, 0.5)
            bars.append(Bar(group, round(middle - width / 2, 1), upper, round(width, 1), height))
            below += amount
    is_labelled = number % max(1, -(-count // LABELS)) == 0
    return Day(day, tuple(amounts), tuple(bars), round(middle, 1), is_labelled)  # type: ignore[arg-type]


def _height(amount: Decimal, top: Decimal) -> float:
    return round(FLOOR - float(amount / top) * (FLOOR - TOP), 1)


def _top(most: Decimal) -> Decimal:
    """Return the round number at the upper line, at least 1."""
    power = Decimal(1)
    while power * _STEPS[-1] < most:
        power *= _STEPS[-1]
    return next((power * step for step in _STEPS if power * step >= most), power)
