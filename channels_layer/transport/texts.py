"""The texts of live runs in Redis, which the layer's thread writes in pipelines."""

import logging
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from channels_layer.transport import redis_clients

logger = logging.getLogger(__name__)

KEPT_SECONDS = 6 * 3600


class Text(Protocol):
    """Something to write about a run's text."""

    def write(self, pipe: Pipeline) -> int:
        """Add commands to ``pipe``; return their number."""

    def learn(self, results: list[Any]) -> None:
        """Read the answers to those commands."""

    def lose(self) -> None:
        """Learn that it may not have been written."""


@dataclass
class Live:
    """The text of one attempt, and how many bytes of it Redis has, if that is known."""

    key: str
    pieces: list[str] = field(default_factory=list)
    points: int = 0
    size: int | None = None
    lock: Lock = field(default_factory=Lock)

    def text(self, end: int | None = None) -> str:
        """Return the first ``end`` code points, or all."""
        with self.lock:
            return self._joined()[:end]

    def add(self, offset: int, text: str) -> bool:
        """Put ``text`` at ``offset`` code points; return whether it replaces what stood there."""
        with self.lock:
            replaces = offset != self.points
            if replaces:
                self.pieces = [self._joined()[:offset]]
                self.points = len(self.pieces[0])
            self.pieces.append(text)
            self.points += len(text)
            return replaces

    def _joined(self) -> str:
        self.pieces = ["".join(self.pieces)]
        return self.pieces[0]


@dataclass
class Append:
    """New text of a live run, up to ``end`` code points."""

    live: Live
    text: str
    end: int
    replaces: bool
    expected: int = 0

    def write(self, pipe: Pipeline) -> int:
        """Append; or write it all, where it is unknown what Redis has."""
        live = self.live
        if live.size is None or self.replaces:
            whole = live.text(self.end).encode()
            pipe.set(live.key, whole, ex=KEPT_SECONDS)
            self.expected = live.size = len(whole)
            return 1
        added = self.text.encode()
        pipe.append(live.key, added)
        # The key may be gone meanwhile; what makes it anew has to end it, too.
        pipe.expire(live.key, KEPT_SECONDS)
        self.expected = live.size = live.size + len(added)
        return 2

    def learn(self, results: list[Any]) -> None:
        """See whether Redis has lost the text."""
        if results[0] is not True and results[0] != self.expected:
            self.lose()

    def lose(self) -> None:
        """Write it all next time."""
        self.live.size = None


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

    def lose(self) -> None:
        """Leave them to their end."""


_clients: dict[str, Redis] = {}


async def write(texts: list[Text]) -> None:
    """Write ``texts`` in their order, on the layer's loop; never raises.

    What Redis does not take is given up: the next piece of the same run is written with all text.
    """
    if not texts:
        return
    url = redis_clients.url()
    if url not in _clients:
        _clients[url] = redis_clients.async_client()
    pipe = _clients[url].pipeline(transaction=False)
    counts = [text.write(pipe) for text in texts]
    try:
        results = await pipe.execute(raise_on_error=False)
    except redis_clients.FAILURES as error:
        logger.warning("Redis does not take the texts of runs: %s", error)
        for text in texts:
            text.lose()
        return
    start = 0
    for text, count in zip(texts, counts, strict=True):
        text.learn(results[start : start + count])
        start += count
