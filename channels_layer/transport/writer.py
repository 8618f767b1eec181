"""The one writer to Redis of a process: a thread that pipelines the writes of all others."""

import atexit
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from prometheus_client import Counter
from redis import Redis
from redis.client import Pipeline

from channels_layer.transport import redis_clients

logger = logging.getLogger(__name__)

FAILED = Counter("parley_redis_write_failures_total", "Batches that Redis did not take")
DROPPED = Counter("parley_redis_writes_dropped_total", "Hints given up because Redis was away")

BATCH = 256
WAITING = 5000
STALE_SECONDS = 5.0
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0


class Item(Protocol):
    """Something to write."""

    def write(self, pipe: Pipeline, losses: int) -> int:
        """Add commands to ``pipe``; return their number. ``losses`` counts lost connections."""

    def learn(self, results: list[Any]) -> None:
        """Read the answers to those commands."""


@dataclass(frozen=True)
class Publish:
    """A payload for a channel."""

    channel: str
    payload: bytes

    def write(self, pipe: Pipeline, losses: int) -> int:
        """Publish."""
        del losses
        pipe.publish(self.channel, self.payload)
        return 1

    def learn(self, results: list[Any]) -> None:
        """Ignore the number of receivers: there may be none."""


@dataclass
class Writer:
    """Writes items in their order, over one connection, from one daemon thread.

    While Redis is away, items wait; those older than 5 s are given up, and whatever ``after_loss``
    returns is written once Redis is back, so that readers know that something is missing.
    """

    connect: Callable[[], Redis]
    after_loss: Callable[[], Item]
    clock: Callable[[], float] = time.monotonic
    losses: int = 0
    _waiting: deque[tuple[float, Item]] = field(default_factory=deque)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _busy: bool = False
    _dropped: bool = False
    _client: Redis | None = None
    _thread: threading.Thread | None = None
    _pause: float = 0.0

    def put(self, item: Item) -> None:
        """Take ``item`` for writing; returns at once and never raises."""
        with self._changed:
            self._waiting.append((self.clock(), item))
            if len(self._waiting) > WAITING:
                self._give_up(1)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="parley-writer", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, seconds: float = 1.0) -> bool:
        """Wait until everything is written, at most ``seconds``; return whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, seconds)

    def crowded(self) -> bool:
        """Return whether more waits than a batch takes."""
        return len(self._waiting) > BATCH

    def _run(self) -> None:
        while True:
            batch = self._next()
            try:
                self._write(batch)
            except redis_clients.FAILURES as error:
                self._failed(batch, error)
                time.sleep(self._pause)
            except Exception:
                # One bad item must not end all sending of this process.
                logger.exception("%s writes to Redis are given up", len(batch))
                DROPPED.inc(len(batch))
                self._dropped = True
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _next(self) -> list[tuple[float, Item]]:
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting))
            if self._pause:
                self._give_up_stale()
            batch = list(islice(self._waiting, BATCH))
            for _ in batch:
                self._waiting.popleft()
            self._busy = True
            return batch

    def _write(self, batch: list[tuple[float, Item]]) -> None:
        items = [item for _, item in batch]
        if self._dropped:
            items.append(self.after_loss())
        if self._client is None:
            self._client = self.connect()
        pipe = self._client.pipeline(transaction=False)
        counts = [item.write(pipe, self.losses) for item in items]
        results = pipe.execute(raise_on_error=False)
        start = 0
        for item, count in zip(items, counts, strict=True):
            item.learn(results[start : start + count])
            start += count
        self._pause, self._dropped = 0.0, False

    def _failed(self, batch: list[tuple[float, Item]], error: Exception) -> None:
        FAILED.inc()
        if not self._pause:
            logger.warning("Redis does not take our writes: %s", error)
        self.losses += 1
        self._pause = min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        client, self._client = self._client, None
        if client is not None:
            client.close()
        with self._changed:
            self._waiting.extendleft(reversed(batch))

    def _give_up_stale(self) -> None:
        horizon = self.clock() - STALE_SECONDS
        self._give_up(sum(1 for since, _ in self._waiting if since < horizon))

    def _give_up(self, number: int) -> None:
        for _ in range(number):
            self._waiting.popleft()
        if number:
            DROPPED.inc(number)
            self._dropped = True


def resync() -> Item:
    """Return the item that makes every hub read the database again."""
    return Publish(redis_clients.name("control"), b"resync")


_writer: Writer | None = None
_lock = threading.Lock()


def writer() -> Writer:
    """Return the writer of this process."""
    global _writer  # noqa: PLW0603 - one per process, made anew after a fork
    with _lock:
        if _writer is None:
            _writer = Writer(connect=redis_clients.client, after_loss=resync)
        return _writer


def _forget() -> None:
    global _writer, _lock
    _writer, _lock = None, threading.Lock()


def _finish() -> None:
    if _writer is not None:
        _writer.flush()


os.register_at_fork(after_in_child=_forget)
atexit.register(_finish)
