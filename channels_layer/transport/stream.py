"""Run streams: the text so far of every live run, and its ready frames, by way of Redis."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from redis.client import Pipeline

from channels_layer.transport import broadcast, redis_clients
from channels_layer.transport.broadcast import Frames
from channels_layer.transport.writer import writer

logger = logging.getLogger(__name__)

KEPT_SECONDS = 6 * 3600
ATTEMPTS = 5
PIECE = 8000
CROWDED_WAIT = 0.02
LONGEST_WAIT = 1.0


class Text(NamedTuple):
    """What a run has said so far."""

    attempt: int
    text: str


@dataclass
class _Live:
    """The text of one attempt as this process wrote it; the writer alone uses the last three."""

    key: str
    pieces: list[str] = field(default_factory=list)
    points: int = 0
    is_written: bool = False
    losses: int = 0
    size: int = 0

    def text(self, end: int) -> str:
        """Return the first ``end`` code points."""
        self.pieces = ["".join(self.pieces)]
        return self.pieces[0][:end]

    def add(self, offset: int, text: str) -> bool:
        """Put ``text`` at ``offset`` code points; return whether it replaces what stood there."""
        replaces = offset != self.points
        if replaces:
            self.pieces = [self.text(offset)]
            self.points = len(self.pieces[0])
        self.pieces.append(text)
        self.points += len(text)
        return replaces


@dataclass
class _Append:
    """One flush: new text for the key, a ready frame for the topic."""

    live: _Live
    text: str
    end: int
    replaces: bool
    channel: str
    payload: bytes | None
    expected: int = 0

    def write(self, pipe: Pipeline, losses: int) -> int:
        """Append; after a lost connection write it all, as it is unknown what arrived."""
        live, commands = self.live, 1
        if live.is_written and live.losses == losses and not self.replaces:
            added = self.text.encode()
            pipe.append(live.key, added)
            # The key may be gone meanwhile; what makes it anew has to end it, too.
            pipe.expire(live.key, KEPT_SECONDS)
            commands += 1
            live.size += len(added)
        else:
            with _lock:
                whole = live.text(self.end).encode()
            pipe.set(live.key, whole, ex=KEPT_SECONDS)
            live.is_written, live.losses, live.size = True, losses, len(whole)
        self.expected = live.size
        if self.payload is None:
            return commands
        pipe.publish(self.channel, self.payload)
        return commands + 1

    def learn(self, results: list[Any]) -> None:
        """Write it all next time if Redis has lost the text."""
        if results[0] is not True and results[0] != self.expected:
            self.live.is_written = False


@dataclass(frozen=True)
class _Delete:
    """The texts of a run that is over."""

    keys: list[str]

    def write(self, pipe: Pipeline, losses: int) -> int:
        """Remove them."""
        del losses
        pipe.delete(*self.keys)
        return 1

    def learn(self, results: list[Any]) -> None:
        """Ignore the answers: the texts may have been gone already."""


_live: dict[str, _Live] = {}
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

    Returns without waiting for Redis, except for at most 1 s when more waits than can be written;
    never raises when Redis is away. Call ``finish`` when the run is over, ``let_go`` when it is not
    and this process has no more to say.
    """
    if not redis_clients.url():
        _keep_here(run, attempt, offset, text)
        if frames:
            broadcast.send(topic, frames)
        return
    key = _key(run, attempt)
    with _lock:
        live = _live.setdefault(key, _Live(key))
        replaces = live.add(offset, text)
        end = live.points
    channel = redis_clients.name(broadcast.channel_of(topic))
    payload = broadcast.pack(frames, None) if frames else None
    writer().put(_Append(live, text, end, replaces, channel, payload))
    waited = 0.0
    while writer().crowded() and waited < LONGEST_WAIT:
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
        writer().put(_Delete(keys))


def let_go(*, run: UUID) -> None:
    """Forget the run's text in this process alone: the run goes on elsewhere, or later."""
    if redis_clients.url():
        _drop([_key(run, attempt) for attempt in range(1, ATTEMPTS + 1)])


def read(run: UUID) -> Text | None:
    """Return the newest attempt and its text; None when there is none or Redis is away."""
    attempts = range(ATTEMPTS, 0, -1)
    try:
        texts = _texts([_key(run, attempt) for attempt in attempts])
    except redis_clients.FAILURES as error:
        logger.warning("Redis does not give the text of run %s: %s", run, error)
        return None
    for attempt, text in zip(attempts, texts, strict=True):
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
            return [_live[key].text(_live[key].points) if key in _live else None for key in keys]
    with redis_clients.client() as client:
        found: list[bytes | None] = client.mget(keys)
    # A code point may be cut in two while a flush is under way.
    return [None if text is None else text.decode(errors="ignore") for text in found]


def _drop(keys: list[str]) -> None:
    with _lock:
        for key in keys:
            _live.pop(key, None)


def _keep_here(run: UUID, attempt: int, offset: int, text: str) -> None:
    key = _key(run, attempt)
    with _lock:
        _live.setdefault(key, _Live(key)).add(offset, text)


def _key(run: UUID, attempt: int) -> str:
    return redis_clients.name("run", run, attempt)
