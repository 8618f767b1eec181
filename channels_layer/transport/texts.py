"""The texts of live runs in Redis, which the layer's thread writes in pipelines."""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from channels_layer.transport import redis_clients
from channels_layer.transport.layers import Published

logger = logging.getLogger(__name__)

KEPT_SECONDS = 6 * 3600


class TextWrite(Protocol):
    """A change of the texts that Redis keeps."""

    def write(self, pipe: Pipeline) -> int:
        """Add commands to ``pipe``; return their number."""

    def learn(self, results: list[Any]) -> None:
        """Read the answers to those commands; there are none when the pipeline failed."""


@dataclass
class LiveText:
    """The text of one attempt, and how much of it Redis has, if that is known."""

    key: str
    pieces: list[str] = field(default_factory=list)
    points: int = 0
    lock: Lock = field(default_factory=Lock)
    # These are the layer's thread's alone.
    kept_points: int | None = None
    kept_bytes: int = 0

    def text(self, end: int | None = None) -> str:
        """Return the first ``end`` code points, or all."""
        with self.lock:
            return self._joined()[:end]

    def add(self, offset: int, text: str) -> int:
        """Put ``text`` at ``offset`` code points; return how many there are now."""
        with self.lock:
            if offset != self.points:
                self.pieces = [self._joined()[:offset]]
                self.points = len(self.pieces[0])
            self.pieces.append(text)
            self.points += len(text)
            return self.points

    def _joined(self) -> str:
        self.pieces = ["".join(self.pieces)]
        return self.pieces[0]


@dataclass
class Append:
    """New text of a live run, which goes up to ``end`` code points."""

    live: LiveText
    text: str
    end: int
    expected: int = 0

    def write(self, pipe: Pipeline) -> int:
        """Append; or write it all, where Redis does not have just what comes before."""
        live = self.live
        if live.kept_points == self.end - len(self.text):
            added = self.text.encode()
            pipe.append(live.key, added)
            # The key may be gone meanwhile; what makes it anew has to end it, too.
            pipe.expire(live.key, KEPT_SECONDS)
            live.kept_bytes += len(added)
        else:
            whole = live.text(self.end).encode()
            pipe.set(live.key, whole)
            pipe.expire(live.key, KEPT_SECONDS)
            live.kept_bytes = len(whole)
        live.kept_points, self.expected = self.end, live.kept_bytes
        return 2

    def learn(self, results: list[Any]) -> None:
        """Write it all next time, if this failed or Redis had lost the text."""
        if not results or results[0] not in {True, self.expected}:
            self.live.kept_points = None


@dataclass(frozen=True)
class Delete:
    """The texts of a run that is over."""

    keys: list[str]

    def write(self, pipe: Pipeline) -> int:
        """Remove them."""
        pipe.delete(*self.keys)
        return 1

    def learn(self, results: list[Any]) -> None:
        """Ignore the answer: the texts may have been gone already."""


_clients: dict[str, Redis] = {}


async def write(writes: Sequence[TextWrite], then: Sequence[Published] = ()) -> bool:
    """Write the texts in their order, and publish ``then``, on the layer's loop.

    Return whether all of that was published. What Redis does not take of the texts is given up:
    the next piece of the same run is written with all text.
    """
    url = redis_clients.url()
    if url not in _clients:
        _clients[url] = redis_clients.async_client()
    pipe = _clients[url].pipeline(transaction=False)
    counts = [write.write(pipe) for write in writes]
    for channel, data in then:
        pipe.publish(channel, data)
    results: list[Any] = []
    try:
        results = await pipe.execute(raise_on_error=False)
    except redis_clients.FAILURES as error:
        logger.warning("Redis does not take the texts of runs: %s", error)
    start = 0
    for one, count in zip(writes, counts, strict=True):
        one.learn(results[start : start + count])
        start += count
    return bool(results) and not any(isinstance(result, Exception) for result in results[start:])


os.register_at_fork(after_in_child=_clients.clear)
