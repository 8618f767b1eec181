"""Completions: a short text by a model, such as a title or a summary."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

from chats.engine import retries
from chats.engine.parts import ModelError, ModelRequest, TextDelta, TextRetracted, UsageReport
from chats.engine.ports import Provider
from chats.engine.retries import Retries

LONGEST = 20_000
"""Characters of a completion; one that does not end is cut there."""
_UNPAID = frozenset({"refused", "rate_limited", "unavailable"})


@dataclass(frozen=True)
class Completion:
    """A text and its usage; ``usage`` is None where the provider reported none."""

    text: str
    usage: UsageReport | None


async def complete(
    provider: Provider,
    request: ModelRequest,
    patience: Retries | None = None,
    *,
    within: float | None = None,
    received: list[str] | None = None,
) -> Completion:
    """Return the whole answer to ``request``, ``within`` that many seconds.

    It is streamed like every other, so that the same faults are seen: a text that was cut off is
    an error here, too. ``received`` gets the text as it comes, for a caller that cancels this.

    :raises ModelError: on any failure; ``read`` is what was received before.
    """
    text: list[str] = [] if received is None else received
    try:
        async with asyncio.timeout(within):
            usage = await _listen(provider, request, patience or Retries(), text)
    except TimeoutError:
        error = ModelError("timeout")
        error.read = "".join(text)
        raise error from None
    except ModelError as error:
        if text or error.code not in _UNPAID:
            error.read = "".join(text)
        raise
    return Completion("".join(text)[:LONGEST], usage)


async def _listen(
    provider: Provider, request: ModelRequest, patience: Retries, text: list[str]
) -> UsageReport | None:
    """Collect one answer's text; return its usage, None where it was not reported or cut."""
    usage, room = None, LONGEST
    async with aclosing(retries.stream(provider, request, patience)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                text.append(event.text)
                room -= len(event.text)
                if room <= 0:
                    return None
            elif isinstance(event, TextRetracted):
                text.clear()
                room = LONGEST
            elif isinstance(event, UsageReport):
                usage = event
    return usage
