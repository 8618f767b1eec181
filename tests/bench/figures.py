"""Figures: measured in turns with what stands beside them, and shown as one line of JSON each."""

import json
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

OURS = "Parley"
ROUNDS = 3
MILLI = 1000.0
DIGITS = 4

Measures = Mapping[str, float]
Round = Callable[[], Awaitable[Measures]]


@dataclass(frozen=True)
class Goal:
    """A bound of a figure: a number, or how many times its reference it may be."""

    bound: float
    is_most: bool = True
    is_relative: bool = False

    def __str__(self) -> str:
        words = f"{'≤' if self.is_most else '≥'} {self.bound:g}"
        return f"{words} times the reference" if self.is_relative else words

    def holds(self, ours: float, reference: float | None) -> bool | None:
        """Return whether it is kept; None where the reference was not measured."""
        if not self.is_relative:
            bound = self.bound
        elif reference is None:
            return None
        else:
            bound = self.bound * reference
        return ours <= bound if self.is_most else ours >= bound


def at_most(bound: float) -> Goal:
    """Bound a figure from above."""
    return Goal(bound)


def at_least(bound: float) -> Goal:
    """Bound a figure from below."""
    return Goal(bound, is_most=False)


def at_most_times(bound: float) -> Goal:
    """Bound a figure from above by so many times its reference."""
    return Goal(bound, is_relative=True)


def at_least_times(bound: float) -> Goal:
    """Bound a figure from below by so many times its reference."""
    return Goal(bound, is_most=False, is_relative=True)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure: ours, the reference measured beside it, and whether the goal is kept.

    ``what`` names the reference; ``also`` holds what helps to read the line.
    """

    name: str
    unit: str
    ours: float
    reference: float | None = None
    what: str | None = None
    goal: Goal | None = None
    also: Mapping[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """Return the figure as JSON."""
        ratio = self.ours / self.reference if self.reference else None
        return json.dumps(
            {
                "figure": self.name,
                "unit": self.unit,
                "ours": rounded(self.ours),
                "reference": rounded(self.reference),
                "what": self.what,
                "ratio": rounded(ratio),
                "goal": str(self.goal) if self.goal else None,
                "holds": self.goal.holds(self.ours, self.reference) if self.goal else None,
                **{name: rounded(value) for name, value in self.also.items()},
            },
            ensure_ascii=False,
        )


Show = Callable[[Figure], None]
"""Writes a figure to where figures are read; the fixture ``show`` returns it."""


@dataclass(frozen=True)
class Rounds:
    """What each side measured, round by round."""

    taken: Mapping[str, Sequence[Measures]]

    def median(self, side: str, measure: str) -> float | None:
        """Return the middle of what a side measured; None where the side did not take part."""
        values = self.values(side, measure)
        return median(values) if values else None

    def values(self, side: str, measure: str) -> list[float]:
        """Return what a side measured, round by round."""
        return [measures[measure] for measures in self.taken.get(side, ())]

    def figure(
        self, name: str, unit: str, measure: str, *, what: str, goal: Goal | None = None
    ) -> Figure:
        """Return a figure beside the side ``what``, with the spread over the rounds."""
        ours = self.median(OURS, measure)
        assert ours is not None
        spread = {
            side: [rounded(min(values)), rounded(max(values))]
            for side in (OURS, what)
            if (values := self.values(side, measure))
        }
        return Figure(
            name=name,
            unit=unit,
            ours=ours,
            reference=self.median(what, measure),
            what=what,
            goal=goal,
            also={"spread": spread},
        )


async def in_turns(sides: Mapping[str, Round], *, rounds: int = ROUNDS) -> Rounds:
    """Let every side measure once, one after the other, so many times."""
    taken: dict[str, list[Measures]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side, measure in sides.items():
            taken[side].append(await measure())
    return Rounds(taken)


def rounded(value: Any) -> Any:
    """Return a number with four digits that count; all else as it is."""
    if not isinstance(value, float) or not math.isfinite(value) or value == 0:
        return value
    return round(value, DIGITS - 1 - math.floor(math.log10(abs(value))))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` per cent of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))]
