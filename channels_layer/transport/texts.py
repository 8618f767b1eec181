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

    def write(self, pipe: Pipeline, losses: int) -> int:
        """Add commands to ``pipe``; return their number. ``losses`` counts failed pipelines."""

    def learn(self, results: list[Any]) -> None:
        """Read the answers to those commands."""


@dataclass
class Live:
    """The text of one attempt as this process wrote it; ``Append`` alone uses the last three."""

    key: str
    pieces: list[str] = field(default_factory=list)
    points: int = 0
    lock: Lock = field(default_factory=Lock)
    is_written: bool = False
    losses: int = 0
    size: int = 0

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

    def write(self, pipe: Pipeline, losses: int) -> int:
        """Append; after a failure write it all, as it is unknown what arrived."""
        live = self.live
        if live.is_written and live.losses == losses and not self.replaces:
            added = self.text.encode()
            pipe.append(live.key, added)
            # The key may be gone meanwhile; what makes it anew has to end it, too.
            pipe.expire(live.key, KEPT_SECONDS)
            live.size += len(added)
            self.expected = live.size
            return 2
        whole = live.text(self.end).encode()
        pipe.set(live.key, whole, ex=KEPT_SECONDS)
        live.is_written, live.losses, live.size = True, losses, len(whole)
        self.expected = live.size
        return 1

    def learn(self, results: list[Any]) -> None:
        """Write it all next time if Redis has lost the text."""
        if results[0] is not True and results[0] != self.expected:
            self.live.is_written = False


@dataclass(frozen=True)
class Delete:
    """The texts of a run that is over."""

    keys: list[str]

    def write(self, pipe: Pipeline, losses: int) -> int:
        """Remove them."""
        del losses
        pipe.delete(*self.keys)
        return 1

    def learn(self, results: list[Any]) -> None:
        """Ignore the answers: the texts may have been gone already."""


class _Writer:
    """The connection of the layer's thread."""

    def __init__(self) -> None:
        self.losses = 0
        self._url = ""
        self._client: Redis | None = None

    async def write(self, texts: list[Text]) -> None:
        client = await self._connected()
        pipe = client.pipeline(transaction=False)
        counts = [text.write(pipe, self.losses) for text in texts]
        results = await pipe.execute(raise_on_error=False)
        start = 0
        for text, count in zip(texts, counts, strict=True):
            text.learn(results[start : start + count])
            start += count

    async def _connected(self) -> Redis:
        if self._client is None or self._url != redis_clients.url():
            if self._client is not None:
                await self._client.aclose()
            self._client, self._url = redis_clients.async_client(), redis_clients.url()
        return self._client


_writer = _Writer()


async def write(texts: list[Text]) -> None:
    """Write ``texts`` in their order, on the layer's loop; never raises.

    What Redis does not take is given up: the next piece of the same run is written with all text.
    """
    if not texts:
        return
    try:
        await _writer.write(texts)
    except redis_clients.FAILURES as error:
        note_loss()
        logger.warning("Redis does not take the texts of runs: %s", error)
    except Exception:
        note_loss()
        logger.exception("%s writes of runs' texts are given up", len(texts))


def note_loss() -> None:
    """Note that some texts were not written: what comes next is written whole."""
    _writer.losses += 1
