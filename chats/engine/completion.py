"""Completions: a short text from a model for a piece of work, a title or a summary."""

from contextlib import aclosing
from dataclasses import dataclass

from chats.engine import retries
from chats.engine.parts import ModelRequest, TextDelta, UsageReport
from chats.engine.ports import Provider
from chats.engine.retries import Retries


@dataclass(frozen=True)
class Completion:
    """A text and what it took; ``usage`` is None where the provider did not say."""

    text: str
    usage: UsageReport | None


async def complete(
    provider: Provider, request: ModelRequest, patience: Retries | None = None
) -> Completion:
    """Give the whole answer to ``request``.

    It is streamed like every other, so that the same faults are seen: a text that was cut off is
    an error here, too.

    :raises ModelError: on any failure.
    """
    text: list[str] = []
    usage = None
    async with aclosing(retries.stream(provider, request, patience or Retries())) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                text.append(event.text)
            elif isinstance(event, UsageReport):
                usage = event
    return Completion("".join(text), usage)
