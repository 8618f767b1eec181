"""What this process sends: gathered from all threads, bundled per group, in order."""

import asyncio
import atexit
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from channels.layers import get_channel_layer
from prometheus_client import Counter

from channels_layer.transport import layer_thread, redis_clients, texts
from channels_layer.transport.texts import Text

logger = logging.getLogger(__name__)

FAILED = Counter("parley_layer_send_failures_total", "Messages that the channel layer did not take")
DROPPED = Counter("parley_layer_drops_total", "Items given up because the channel layer was away")

Item = list[Any]
"""What a group is sent: whatever JSON can say."""

CONTROL = "control"
"""The group of every hub."""
RESYNC = "resync"

BATCH = 256
BUNDLE_SIZE = 256 * 1024
"""Characters of frames after which a group gets a further message."""
WAITING = 5000
STALE_SECONDS = 5.0
SEND_SECONDS = 2.0
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
FLUSH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """An item on its way to a group, ``since`` when by the clock, and a run's text to be kept."""

    since: float
    group: str = ""
    item: Item | None = None
    size: int = 0
    text: Text | None = None


@dataclass
class Outbound:
    """Sends parcels in the order in which they were put, from the thread that owns the layer.

    The first one leaves at once; what comes while it is on its way is gathered, and each group
    gets one message. While the layer is away, parcels wait; those older than 5 s are given up,
    and every hub is told to resync once it is back, so that readers know that something is missing.
    """

    clock: Callable[[], float] = time.monotonic
    _waiting: deque[Parcel] = field(default_factory=deque)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _is_sending: bool = False
    _has_dropped: bool = False
    _pause: float = 0.0

    def put(
        self, group: str, item: Item | None, *, size: int = 0, text: Text | None = None
    ) -> None:
        """Take ``item``, about ``size`` characters, for ``group``; returns at once, never raises.

        A run's ``text`` is written to Redis before the item is sent; it may come without one.
        """
        with self._changed:
            self._waiting.append(Parcel(self.clock(), group, item, size, text))
            if len(self._waiting) > WAITING:
                self._give_up(1)
            if self._is_sending:
                return
            self._is_sending = True
        layer_thread.current().submit(self._send_all())

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Wait until everything is sent, at most ``seconds``; return whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._is_sending, seconds)

    def is_crowded(self) -> bool:
        """Return whether more waits than is sent in one go."""
        return len(self._waiting) > BATCH

    async def _send_all(self) -> None:
        while batch := self._next():
            await texts.write([parcel.text for parcel in batch if parcel.text])
            bundles = deque(_bundled(batch))
            try:
                while bundles:
                    await self._send(bundles[0])
                    bundles.popleft()
                self._pause = 0.0
            except redis_clients.FAILURES as error:
                self._failed(bundles, error)
                await asyncio.sleep(self._pause)

    def _next(self) -> list[Parcel]:
        """Return the next parcels; nothing when all is sent."""
        with self._changed:
            if self._pause:
                self._give_up_stale()
            batch = list(islice(self._waiting, BATCH))
            for _ in batch:
                self._waiting.popleft()
            if self._has_dropped:
                batch.append(Parcel(self.clock(), CONTROL, [RESYNC]))
            if not batch:
                self._is_sending = False
                self._changed.notify_all()
            return batch

    async def _send(self, bundle: list[Parcel]) -> None:
        group = bundle[0].group
        items = [parcel.item for parcel in bundle]
        try:
            async with asyncio.timeout(SEND_SECONDS):
                message = {"type": "items", "group": group, "items": items}
                await get_channel_layer().group_send(group, message)
        except redis_clients.FAILURES:
            raise
        except Exception:
            # One bad item must not end all sending of this process.
            logger.exception("%s items for %s are given up", len(items), group)
            DROPPED.inc(len(items))
            self._has_dropped = True
        else:
            if items[-1] == [RESYNC]:
                self._has_dropped = False

    def _failed(self, bundles: Iterable[list[Parcel]], error: Exception) -> None:
        FAILED.inc()
        if not self._pause:
            logger.warning("The channel layer does not take what we send: %s", error)
        self._pause = min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        unsent = [
            replace(parcel, text=None)
            for bundle in bundles
            for parcel in bundle
            if parcel.item != [RESYNC]
        ]
        with self._changed:
            self._waiting.extendleft(reversed(unsent))

    def _give_up_stale(self) -> None:
        horizon = self.clock() - STALE_SECONDS
        self._give_up(sum(1 for parcel in self._waiting if parcel.since < horizon))

    def _give_up(self, number: int) -> None:
        given_up = [self._waiting.popleft() for _ in range(number)]
        if any(parcel.text for parcel in given_up):
            texts.note_loss()
        if number:
            DROPPED.inc(number)
            self._has_dropped = True


def _bundled(batch: list[Parcel]) -> list[list[Parcel]]:
    """Return the parcels that have items, per group and message; each group's stay in order."""
    bundles: list[list[Parcel]] = []
    open_: dict[str, tuple[list[Parcel], int]] = {}
    for parcel in batch:
        if parcel.item is None:
            continue
        bundle, size = open_.get(parcel.group, ([], BUNDLE_SIZE))
        if size >= BUNDLE_SIZE:
            bundle, size = [], 0
            bundles.append(bundle)
        bundle.append(parcel)
        open_[parcel.group] = (bundle, size + parcel.size)
    return bundles


_outbound: Outbound | None = None
_lock = threading.Lock()


def current() -> Outbound:
    """Return the outbound of this process."""
    global _outbound  # noqa: PLW0603 - one per process, made anew after a fork
    with _lock:
        if _outbound is None:
            _outbound = Outbound()
        return _outbound


def put(group: str, item: Item, *, size: int = 0) -> None:
    """Send ``item``, about ``size`` characters, to ``group``; returns at once and never raises."""
    current().put(group, item, size=size)


def flush(seconds: float = FLUSH_SECONDS) -> bool:
    """Wait until everything is sent, at most ``seconds``; return whether it is."""
    return current().flush(seconds)


def _forget() -> None:
    global _outbound, _lock
    _outbound, _lock = None, threading.Lock()


def _finish() -> None:
    if _outbound is not None:
        _outbound.flush()


os.register_at_fork(after_in_child=_forget)
atexit.register(_finish)
