"""Limits: how far a run may go, and whether it has gone so far."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chats.engine import arguments
from chats.engine.parts import Call, Step

_CUT = "\n[… left out …]\n"


@dataclass(frozen=True)
class Limits:
    """What one run may use. When it is used up the model answers once more, without tools."""

    steps: int = 8
    same_call: int = 3
    """The same tool with the same arguments is not made so many times."""
    repairs: int = 2
    """Calls that cannot be made and are given back to the model to correct."""
    text: int = 32_000
    """Code points of an answer."""
    result: int = 16_000
    """Code points of a tool's result that the model gets."""
    tool_seconds: float = 30.0

    def are_used_up(self, steps: Sequence[Step]) -> bool:
        """Tell whether the model gets no more tools after ``steps``."""
        calls = [call for step in steps for call in step.calls]
        faults = sum(1 for c in calls if c.outcome and c.outcome.status == "invalid")
        times = Counter(call.key for call in calls)
        is_circling = bool(times) and max(times.values()) >= self.same_call
        return len(steps) >= self.steps or faults > self.repairs or is_circling

    def applied(self, step: Step, before: Sequence[Step]) -> tuple[Call, ...]:
        """Give the calls of ``step``; if it used up the limits, as calls that are not made."""
        if not self.are_used_up([*before, step]):
            return step.calls
        why = "The limit of this answer is reached. Answer now with what you have."
        return tuple(c if c.outcome else arguments.refused(c, why) for c in step.calls)

    def shortened(self, result: str) -> str:
        """Give ``result`` with its middle left out where it is too long."""
        if len(result) <= self.result:
            return result
        half = (self.result - len(_CUT)) // 2
        return f"{result[:half]}{_CUT}{result[-half:]}"
