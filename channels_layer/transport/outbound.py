"""What this process sends: gathered from all threads, bundled per group, in order."""

import asyncio
import atexit
import logging
import os
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from channels.layers import get_channel_layer
from prometheus_client import Counter

from channels_layer.transport import layer_thread, layers, redis_clients, texts
from channels_layer.transport.layers import Message, RedisLayer
from channels_layer.transport.texts import TextWrite

logger = logging.getLogger(__name__)

DROPPED = Counter("parley_layer_drops_total", "Items that the channel layer did not take")

Item = list[Any]
"""What a group is sent: whatever JSON can say."""

CONTROL = "control"
"""The group of every hub."""
RESYNC = "resync"

BATCH = 256
BUNDLE = 32
"""Items of a message; a frame has at most 64 KiB per audience."""
WAITING = 5000
SEND_SECONDS = 2.0
PAUSE = 0.1
FLUSH_SECONDS = 1.0


class Outgoing(NamedTuple):
    """An item for a group, and a run's text to be kept before; either may be missing."""

    group: str
    item: Item | None
    text: TextWrite | None


@dataclass
class Outbound:
    """Sends items in the order in which they were put, from the thread that owns the layer.

    The first one leaves at once; what comes while it is on its way is gathered, and each group
    gets one message. What the layer does not take is given up; once it takes something again,
    every hub is told to resync over the time for which items are missing.
    """

    _waiting: deque[Outgoing] = field(default_factory=deque)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _is_sending: bool = False
    _sending: Future[None] | None = None
    _missing_since: float | None = None

    def put(self, group: str, item: Item | None, text: TextWrite | None = None) -> None:
        """Take ``item`` for ``group``; returns at once and never raises.

        A run's ``text`` is written to Redis before; it may come without an item.
        """
        with self._changed:
            if len(self._waiting) >= WAITING:
                self._waiting.popleft()
                self._give_up(1)
            self._waiting.append(Outgoing(group, item, text))
            if self._is_sending:
                return
            self._is_sending = True
            # Held here, as a loop refers only weakly to its tasks: a lost one would make us mute.
            self._sending = layer_thread.current().submit(self._send_all())

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Wait until everything is sent, at most ``seconds``; return whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._is_sending, seconds)

    def is_crowded(self) -> bool:
        """Return whether more waits than is sent in one go."""
        return len(self._waiting) > BATCH

    async def _send_all(self) -> None:
        while (batch := self._next()) is not None:
            try:
                await self._send(batch)
            except Exception:
                # Nothing that is put may end all sending of this process.
                logger.exception("%s items for the channel layer are given up", len(batch))
                self._give_up(len(batch))

    def _next(self) -> list[Outgoing] | None:
        """Return what is next; None when all is sent, and no hub has to be told."""
        with self._changed:
            batch = list(islice(self._waiting, BATCH))
            for _ in batch:
                self._waiting.popleft()
            if batch or self._missing_since is not None:
                return batch
            self._is_sending = False
            self._changed.notify_all()
            return None

    async def _send(self, batch: list[Outgoing]) -> None:
        """Write the texts, then send what has items."""
        messages = _messages(batch)
        written = [outgoing.text for outgoing in batch if outgoing.text]
        if written and await self._is_written(written, messages):
            return
        number = sum(outgoing.item is not None for outgoing in batch)
        if self._missing_since is not None and not await self._resync():
            self._give_up(number)
            await asyncio.sleep(PAUSE)
        elif messages and not await self._is_taken(messages):
            self._give_up(number)

    async def _is_written(self, written: list[TextWrite], messages: list[Message]) -> bool:
        """Write the texts; return whether the messages went with them, in the same round trip.

        A follower has to find a text at least as long as what it was not sent: it is kept first.
        """
        layer = get_channel_layer()
        is_one = isinstance(layer, RedisLayer) and layer.is_at(redis_clients.url())
        if is_one and self._missing_since is None:
            return await texts.write(written, layer.published(messages))
        await texts.write(written)
        return False

    async def _resync(self) -> bool:
        """Tell every hub for how long items are missing; return whether that was taken."""
        with self._changed:
            since, self._missing_since = self._missing_since or time.monotonic(), None
        if await self._is_taken([_message(CONTROL, [[RESYNC, time.monotonic() - since]])]):
            return True
        self._missing_since = since
        return False

    async def _is_taken(self, messages: list[Message]) -> bool:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await layers.send(messages)
        except Exception as error:  # noqa: BLE001 - whatever a layer raises, we go on
            if messages[0][0] != CONTROL:
                logger.warning("The channel layer does not take what we send: %r", error)
            return False
        return True

    def _give_up(self, number: int) -> None:
        DROPPED.inc(number)
        if number and self._missing_since is None:
            self._missing_since = time.monotonic()


def _messages(batch: list[Outgoing]) -> list[Message]:
    """Bundle the items per group and message; each group's stay in order."""
    messages: list[Message] = []
    latest: dict[str, list[Item]] = {}
    for outgoing in batch:
        if outgoing.item is None:
            continue
        items = latest.get(outgoing.group)
        if items is None or len(items) == BUNDLE:
            items = latest[outgoing.group] = []
            messages.append(_message(outgoing.group, items))
        items.append(outgoing.item)
    return messages


def _message(group: str, items: list[Item]) -> Message:
    return group, {"type": "items", "group": group, "items": items}


_outbound = Outbound()


def current() -> Outbound:
    """Return the outbound of this process."""
    return _outbound


def _renew() -> None:
    global _outbound  # noqa: PLW0603 - one per process, made anew after a fork
    _outbound = Outbound()


def _finish() -> None:
    _outbound.flush()


os.register_at_fork(after_in_child=_renew)
atexit.register(_finish)
