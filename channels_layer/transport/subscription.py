"""What this process receives: one channel on the layer, which is in a group per topic."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from channels.layers import get_channel_layer

from channels_layer.transport import layer_thread
from channels_layer.transport.outbound import Item

logger = logging.getLogger(__name__)

PULSE = 0.5
PULSE_WHEN_LOST = 0.1
LATE = 3.0
"""Seconds without a pulse after which items may be missing."""
ANSWER_SECONDS = 2.0
CONFIRMED_WITHIN = 1.0
ASK_AGAIN = 0.05
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
JOIN_AGAIN = 3600.0
"""Seconds after which groups are joined again: a layer forgets who is in them after a day."""

Listener = Callable[[str, list[Item]], None]
"""Called in the layer's thread, where nothing may wait, with a group and what it was sent."""


class Subscription:
    """Receives the items of groups, and notices when some may be missing.

    A pulse that the process sends to itself through the layer shows whether what is sent arrives.
    When one is missing or late, or the layer reports that it was cut off, a later one shows that
    all is well again: then ``restored(seconds)`` is called, in the layer's thread, with the time
    for which items may be missing.
    """

    def __init__(
        self, listener: Listener, restored: Callable[[float], None] = lambda _: None
    ) -> None:
        """Call ``listener`` with what comes."""
        self.lost_at: float | None = None
        """Since when, by the monotonic clock, items may be missing; nothing when all is well."""
        self._listener = listener
        self._restored = restored
        self._thread = layer_thread.current()
        self._layer: Any = None
        self._channel = ""
        self._wanted: set[str] = set()
        self._missing: set[str] = set()
        self._confirmed: dict[str, asyncio.Event] = {}
        self._running: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._heard_at = 0.0
        self._has_warned = False
        self._joined_at = 0.0
        self._sent = self._received = self._proof = 0

    async def start(self, *groups: str) -> None:
        """Receive ``groups``; returns once nothing of them can be missed any more, or after 1 s."""
        await self._thread.run(self._start(groups))

    async def stop(self) -> None:
        """Receive no more."""
        await self._thread.run(self._stop())

    async def add(self, group: str) -> None:
        """Receive ``group``, too; returns once nothing can be missed any more, or after 1 s."""
        await self._thread.run(self._add(group))

    async def remove(self, group: str) -> None:
        """Receive ``group`` no more."""
        await self._thread.run(self._remove(group))

    async def _start(self, groups: tuple[str, ...]) -> None:
        self._heard_at = self.lost_at = time.monotonic()
        self._running = asyncio.create_task(self._run())
        await asyncio.gather(*(self._add(group) for group in groups))

    async def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _add(self, group: str) -> None:
        self._wanted.add(group)
        confirmed = self._confirmed.setdefault(group, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONFIRMED_WITHIN):
                await self._join(group)
                while not confirmed.is_set():
                    await self._ask(group)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(confirmed.wait(), ASK_AGAIN)

    async def _remove(self, group: str) -> None:
        self._wanted.discard(group)
        self._missing.discard(group)
        self._confirmed.pop(group, None)
        if self._layer is not None:
            await self._quietly(self._layer.group_discard(group, self._channel))

    async def _run(self) -> None:
        """Follow, and begin again with a new channel where the layer fails."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._follow()
            except Exception as error:  # noqa: BLE001 - whatever a layer raises, we try again
                self._broken(error)
            pause = FIRST_PAUSE if self.lost_at is None else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _follow(self) -> None:
        layer: Any = get_channel_layer()
        self._channel, self._layer = await layer.new_channel(), layer
        self._joined_at = time.monotonic()
        self._missing |= self._wanted
        reports = getattr(layer, "reconnected", None)
        if reports is not None:
            reports.add(self._cut_off)
        # Whoever cancels a layer's receive() gives up the channel.
        loops = [asyncio.create_task(self._receive_all()), asyncio.create_task(self._pulse())]
        try:
            for task in (await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED))[0]:
                task.result()
        finally:
            if reports is not None:
                reports.discard(self._cut_off)
            for task in loops:
                task.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            await self._leave_all()

    async def _leave_all(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONFIRMED_WITHIN):
                for group in self._wanted:
                    await self._quietly(self._layer.group_discard(group, self._channel))

    async def _receive_all(self) -> None:
        while True:
            message = await self._layer.receive(self._channel)
            try:
                self._take(message)
            except Exception:
                logger.exception("What came for %s could not be handed on", message.get("group"))

    def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "items":
                self._listener(message["group"], message["items"])
            case "joined" if message["channel"] == self._channel:
                if confirmed := self._confirmed.get(message["group"]):
                    confirmed.set()
            case "pulse":
                self._beat(message["number"])

    async def _pulse(self) -> None:
        while True:
            for group in list(self._missing):
                await self._join(group)
            self._sent += 1
            message = {"type": "pulse", "number": self._sent}
            await self._quietly(self._layer.send(self._channel, message))
            if time.monotonic() - self._heard_at > LATE:
                self._broken(TimeoutError("No pulse came back."))
            if time.monotonic() - self._joined_at > JOIN_AGAIN:
                self._joined_at, self._missing = time.monotonic(), set(self._wanted)
            self._hurry.clear()
            with contextlib.suppress(TimeoutError):
                pause = PULSE if self.lost_at is None else PULSE_WHEN_LOST
                await asyncio.wait_for(self._hurry.wait(), pause)

    def _beat(self, number: int) -> None:
        if number > self._received + 1 and self.lost_at is None:
            self._lose(LookupError("A pulse did not come back."))
        self._received, self._heard_at = number, time.monotonic()
        if self.lost_at is not None and number >= self._proof and not self._missing:
            seconds, self.lost_at = time.monotonic() - self.lost_at, None
            if self._has_warned:
                logger.warning("Items from the channel layer come again, after %.1f s", seconds)
            self._has_warned = False
            self._restored(seconds)

    def _cut_off(self) -> None:
        self._broken(ConnectionError("The connection was made anew."))
        self._hurry.set()

    def _broken(self, error: Exception) -> None:
        """Take items for missing until a pulse arrives that is sent from now on."""
        self._proof = self._sent + 1
        self._lose(error)

    def _lose(self, error: Exception) -> None:
        if self.lost_at is None:
            self.lost_at, self._has_warned = self._heard_at, True
            logger.warning("Items from the channel layer may be missing: %s", error)

    async def _join(self, group: str) -> None:
        if self._layer is None or not await self._quietly(
            self._layer.group_add(group, self._channel)
        ):
            self._missing.add(group)
        else:
            self._missing.discard(group)

    async def _ask(self, group: str) -> None:
        """Send the group a word that shows, when it comes, that we receive what it is sent."""
        if self._layer is not None:
            message = {"type": "joined", "group": group, "channel": self._channel}
            await self._quietly(self._layer.group_send(group, message))

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> bool:
        """Await a call of the layer; note its failure and return whether there was none."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await work
        except Exception as error:  # noqa: BLE001 - whatever a layer raises
            self._broken(error)
            return False
        return True
