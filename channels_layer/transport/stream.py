"""Run streams: the text so far of every live run, and its ready frames."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from channels_layer.transport import broadcast, outbound, redis_clients
from channels_layer.transport.broadcast import Frames
from channels_layer.transport.texts import Append, Delete, LiveText

logger = logging.getLogger(__name__)

ATTEMPTS = 5
PIECE = 8000
CROWDED_WAIT = 0.02
LONGEST_WAIT = 1.0


class Text(NamedTuple):
    """What a run has said so far."""

    attempt: int
    text: str


_live: dict[str, LiveText] = {}
_lock = threading.Lock()


async def append(
    *,
    run: UUID,
    attempt: int,
    offset: int,
    text: str,
    topic: str,
    frames: Frames | None,
) -> None:
    """Put ``text`` at ``offset`` code points of what the run said; send ``frames`` to ``topic``.

    Returns without waiting for the channel layer, except for at most 1 s when more waits than can
    be sent; never raises when it is away. Call ``finish`` when the run is over, ``let_go`` when it
    is not and this process has no more to say.
    """
    key = _key(run, attempt)
    with _lock:
        live = _live.setdefault(key, LiveText(key))
        end = live.add(offset, text)
    kept = Append(live, text, end) if redis_clients.url() else None
    broadcast.send(topic, frames, text=kept)
    waited = 0.0
    while outbound.current().is_crowded() and waited < LONGEST_WAIT:
        await asyncio.sleep(CROWDED_WAIT)
        waited += CROWDED_WAIT


def finish(*, run: UUID, attempts: int = ATTEMPTS) -> None:
    """Forget the text of a run that is over; returns at once and never raises.

    A process that wrote some of it deletes it after its last write. One that lost the run
    names its own attempt: the text of later ``attempts`` is another's.
    """
    keys = [_key(run, attempt) for attempt in range(1, attempts + 1)]
    _drop(keys)
    if redis_clients.url():
        outbound.current().put("", None, Delete(keys))


def let_go(*, run: UUID) -> None:
    """Forget the run's text in this process alone: the run goes on elsewhere, or later."""
    if redis_clients.url():
        _drop([_key(run, attempt) for attempt in range(1, ATTEMPTS + 1)])


def read(run: UUID) -> Text | None:
    """Return the newest attempt and its text; None when there is none or Redis is away."""
    attempts = range(ATTEMPTS, 0, -1)
    try:
        found = _texts([_key(run, attempt) for attempt in attempts])
    except redis_clients.FAILURES as error:
        logger.warning("Redis does not give the text of run %s: %s", run, error)
        return None
    for attempt, text in zip(attempts, found, strict=True):
        if text is not None:
            return Text(attempt, text)
    return None


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Cut a long text into offsets and parts that fit into one frame each; at least one."""
    for offset in range(0, max(len(text), 1), PIECE):
        yield offset, text[offset : offset + PIECE]


def _texts(keys: list[str]) -> list[str | None]:
    if not redis_clients.url():
        with _lock:
            found = [_live.get(key) for key in keys]
        return [live.text() if live else None for live in found]
    with redis_clients.client() as client:
        stored: list[bytes | None] = client.mget(keys)
    # A code point may be cut in two while a flush is under way.
    return [None if text is None else text.decode(errors="ignore") for text in stored]


def _drop(keys: list[str]) -> None:
    with _lock:
        for key in keys:
            _live.pop(key, None)


def _key(run: UUID, attempt: int) -> str:
    return redis_clients.name("run", run, attempt)
