"""Completions: a short text by a model, such as a title or a summary."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

from chats.engine import retries
from chats.engine.attempts import Attempt, Attempts
from chats.engine.parts import ModelError, ModelRequest, TextDelta, TextRetracted
from chats.engine.ports import Provider
from chats.engine.retries import Retries

LONGEST = 20_000
"""Characters of a completion; one that does not end is cut there."""


@dataclass(frozen=True)
class Completion:
    """A text, and the requests that it took."""

    text: str
    attempts: tuple[Attempt, ...]


class FailedCompletionError(ModelError):
    """A completion that failed; ``attempts`` are the requests that may cost something."""

    def __init__(self, error: ModelError, attempts: tuple[Attempt, ...]) -> None:
        """Fail as ``error`` says."""
        super().__init__(error.code, error.detail)
        self.attempts = attempts


async def complete(
    provider: Provider,
    request: ModelRequest,
    patience: Retries | None = None,
    *,
    within: float | None = None,
    attempts: Attempts | None = None,
) -> Completion:
    """Return the whole answer to ``request``, ``within`` that many seconds.

    It is streamed like every other, so that the same faults are seen: a text that was cut off is
    an error here, too. ``attempts`` notes what it takes, for a caller that cancels this.

    :raises FailedCompletionError: on any failure.
    """
    attempts = attempts or Attempts()
    try:
        async with asyncio.timeout(within):
            text = await _listen(provider, request, patience or Retries(), attempts)
    except TimeoutError:
        raise FailedCompletionError(ModelError("timeout"), charged(attempts)) from None
    except ModelError as error:
        attempts.failed(error)
        raise FailedCompletionError(error, charged(attempts)) from error
    return Completion(text[:LONGEST], charged(attempts))


def charged(attempts: Attempts) -> tuple[Attempt, ...]:
    """Return all requests that may cost something."""
    last = attempts.last
    return (*attempts.lost, last) if last else tuple(attempts.lost)


async def _listen(
    provider: Provider, request: ModelRequest, patience: Retries, attempts: Attempts
) -> str:
    """Collect one answer's text; one without an end is cut."""
    text: list[str] = []
    room = LONGEST
    async with aclosing(retries.stream(provider, request, patience)) as events:
        async for event in events:
            attempts.take(event)
            if isinstance(event, TextDelta):
                text.append(event.text)
                room -= len(event.text)
                if room <= 0:
                    break
            elif isinstance(event, TextRetracted):
                text.clear()
                room = LONGEST
    return "".join(text)
