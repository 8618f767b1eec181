"""Limits: what one run may use, and whether it is used up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chats.engine import arguments, context
from chats.engine.parts import Call, Json, ModelRequest, Step, cut
from chats.engine.traits import TOKENS

MARK = 20
"""Code points that the mark of a cut takes, at most."""
SHORTEST = 300
"""Code points that are kept of a tool's result, however little room there is."""


@dataclass(frozen=True)
class Limits:
    """The limits of one run. When they are used up the model answers once more, without tools."""

    steps: int = 8
    same_call: int = 3
    """The same tool with the same arguments is not made so many times."""
    calls: int = 24
    """Tool calls of all steps together."""
    tokens: int = 400_000
    """Tokens of all steps together, read and written."""
    repairs: int = 2
    """Invalid calls that are returned to the model to correct."""
    text: int = 32_000
    """Code points of an answer."""
    tool_seconds: float = 30.0

    def are_used_up(self, steps: Sequence[Step], *, prompt: int) -> bool:
        """Return whether the model gets no more tools after ``steps``; ``prompt`` is in tokens."""
        calls = [call for step in steps for call in step.calls]
        faults = sum(1 for c in calls if c.outcome and c.outcome.status == "invalid")
        times = Counter(call.key for call in calls)
        is_circling = bool(times) and max(times.values()) >= self.same_call
        is_much = len(calls) > self.calls or spent(prompt, steps) >= self.tokens
        return len(steps) >= self.steps or faults > self.repairs or is_circling or is_much

    def applied(self, step: Step, before: Sequence[Step], *, prompt: int) -> tuple[Call, ...]:
        """Return the calls of ``step``; if it used up the limits, as calls that are not made."""
        if not self.are_used_up([*before, step], prompt=prompt):
            return step.calls
        why = "The limit of this answer is reached. Answer now with what you have."
        return tuple(c if c.outcome else arguments.refused(c, why) for c in step.calls)


def within(request: ModelRequest, most: int | None) -> ModelRequest:
    """Return ``request`` for an answer of ``most`` tokens, None for as many as it asks for."""
    if most is None:
        return request
    wanted = request.options.get(TOKENS) or most
    return replace(request, options={**request.options, TOKENS: min(wanted, most)})


def spent(prompt: int, steps: Sequence[Step]) -> int:
    """Return the tokens of ``steps`` after a ``prompt``, estimated where none are reported."""
    total, read = 0, prompt
    for step in steps:
        said = sum(context.tokens_of(message) for message in step.messages())
        total += step.usage.input + step.usage.output if step.usage else read + said
        read += said
    return total


def fitted(messages: Sequence[Json], room: int) -> list[Json]:
    """Return ``messages``, the oldest results shortened until all fit into ``room`` tokens."""
    over = sum(context.tokens_of(message) for message in messages) - room
    kept: list[Json] = []
    for message in messages:
        if over > 0 and message["role"] == "tool":
            result = message["content"]
            length = len(result) - over * context.BYTES_PER_TOKEN - MARK
            short = {**message, "content": cut(result, max(length, SHORTEST))}
            over -= context.tokens_of(message) - context.tokens_of(short)
            kept.append(short)
        else:
            kept.append(message)
    return kept
