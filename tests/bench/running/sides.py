"""The sides that take turns when answers are measured, and a figure beside each reference."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from tests.bench.clients import run
from tests.bench.figures import Goal, Measures, Rounds, Show, in_turns
from tests.bench.references.stamped_model import Pace
from tests.bench.running.paths import Path, answers


@dataclass(frozen=True)
class Shown:
    """How a measure is shown: under which name, and by reference what the goal is beside it."""

    measure: str
    name: str
    goals: Mapping[str, Goal | None]
    unit: str = "ms"


def measured(
    paths: Iterable[Path | None], pace: Pace, *, streams: int = 1, within: float = 0.0
) -> Rounds:
    """Let the paths that are there answer in turns: so many streams, begun ``within`` seconds."""

    async def once(path: Path) -> Measures:
        taken = await answers(path, pace, streams=streams, within=within)
        return taken.measures()

    return run(in_turns({path.name: partial(once, path) for path in paths if path}))


def show_each(show: Show, rounds: Rounds, *figures: Shown) -> None:
    """Show each figure beside its references; a missing one with a goal shows as null."""
    for figure in figures:
        for what, goal in figure.goals.items():
            if goal is None and not rounds.values(what, figure.measure):
                continue
            show(rounds.figure(figure.name, figure.unit, figure.measure, what=what, goal=goal))
