"""Retries: calling again where a model call failed before any of its text was visible."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from random import uniform

from chats.engine.attempts import is_charged
from chats.engine.parts import (
    Asked,
    InterruptedStreamError,
    ModelError,
    ModelEvent,
    ModelRequest,
    Restarted,
    TextDelta,
    TextRetracted,
)
from chats.engine.ports import Provider


@dataclass(frozen=True)
class Retries:
    """How often and how patiently. Times are in seconds."""

    attempts: int = 3
    shortest: float = 0.3
    longest: float = 5.0
    patience: float = 15.0
    """A provider that requires a longer wait than this is given up."""


async def stream(
    provider: Provider, request: ModelRequest, retries: Retries
) -> AsyncGenerator[ModelEvent]:
    """Yield the events of one answer, from the first attempt that does not fail at once.

    `Asked` stands before each attempt, `Restarted` between what a failed one yielded and the next.

    :raises InterruptedStreamError: when it failed after text was given.
    :raises ModelError: when the last attempt failed, too.
    """
    for attempt in range(1, retries.attempts + 1):
        is_visible = has_begun = False
        yield Asked()
        try:
            async with aclosing(provider.stream(request)) as events:
                async for event in events:
                    is_visible = _is_visible(event, before=is_visible)
                    has_begun = True
                    yield event
        except ModelError as error:
            if is_visible:
                raise InterruptedStreamError(error.code, error.detail) from error
            wait = _wait(error, attempt, retries)
            if wait is None:
                raise
            yield Restarted(is_charged(error, has_begun=has_begun))
            await asyncio.sleep(wait)
        else:
            return


def _is_visible(event: ModelEvent, *, before: bool) -> bool:
    """Return whether any text is visible after ``event``."""
    if isinstance(event, TextDelta):
        return True
    return before and not isinstance(event, TextRetracted)


def _wait(error: ModelError, attempt: int, retries: Retries) -> float | None:
    """Return the seconds until the next attempt, None if there is to be none."""
    if not error.is_retryable or attempt >= retries.attempts:
        return None
    if error.retry_after is not None:
        wait = error.retry_after + uniform(0, retries.shortest)  # noqa: S311 - no secret
        return wait if error.retry_after <= retries.patience else None
    ceiling = min(retries.longest, retries.shortest * 2**attempt)
    return uniform(ceiling / 2, ceiling)  # noqa: S311 - no secret
