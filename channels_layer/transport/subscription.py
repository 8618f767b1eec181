"""What this process receives: one channel on the layer, which is in a group per topic."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec

from channels.layers import get_channel_layer

from channels_layer.transport import layer_thread
from channels_layer.transport.outbound import Item

logger = logging.getLogger(__name__)

PULSE = 0.5
PULSE_WHEN_LOST = 0.1
LATE = 3.0
"""Seconds without a pulse after which items may be missing."""
SILENT = 12.0
"""Seconds without a pulse after which the layer's connections are made anew, if it knows how."""
ANSWER_SECONDS = 2.0
CONFIRMED_WITHIN = 1.0
ASK_AGAIN = 0.05
PAUSE = 0.5
JOIN_AGAIN = 3600.0
"""Seconds after which groups are joined again: a layer forgets who is in them after a day."""

P = ParamSpec("P")
Listener = Callable[[str, list[Item]], None]
"""Called in the layer's thread, where nothing may wait, with a group and what it was sent."""
Method = Callable[Concatenate["Subscription", P], Coroutine[Any, Any, None]]


def _in_layer_thread(method: Method[P]) -> Method[P]:
    """Run a method on the layer's loop, wherever it is awaited."""

    async def run(self: "Subscription", /, *args: P.args, **kwargs: P.kwargs) -> None:
        await layer_thread.current().run(method(self, *args, **kwargs))

    return run


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
        self._layer: Any = None
        self._channel = ""
        self._joined: dict[str, asyncio.Event] = {}
        """The wanted groups; an event is set once something sent to its group has come."""
        self._joined_at = 0.0
        self._running: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._last_pulse_at = 0.0
        self._is_reported = False
        self._sent = self._received = self._required = 0

    @_in_layer_thread
    async def start(self, *groups: str) -> None:
        """Receive ``groups``; returns once nothing of them can be missed any more, or after 1 s."""
        self._last_pulse_at = self.lost_at = time.monotonic()
        self._running = asyncio.create_task(self._run())
        await asyncio.gather(*(self.add(group) for group in groups))

    @_in_layer_thread
    async def stop(self) -> None:
        """Receive no more."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    @_in_layer_thread
    async def add(self, group: str) -> None:
        """Receive ``group``, too; returns once nothing can be missed any more, or after 1 s."""
        joined = self._joined.setdefault(group, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONFIRMED_WITHIN):
                while not joined.is_set():
                    await self._join(group)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(joined.wait(), ASK_AGAIN)

    @_in_layer_thread
    async def remove(self, group: str) -> None:
        """Receive ``group`` no more."""
        if self._joined.pop(group, None) is not None and self._layer is not None:
            await self._quietly(self._layer.group_discard(group, self._channel))

    async def _run(self) -> None:
        """Follow, and begin again with a new channel where the layer fails."""
        while True:
            try:
                await self._follow()
            except Exception as error:  # noqa: BLE001 - whatever a layer raises, we try again
                self._broken(error)
            await asyncio.sleep(PAUSE)

    async def _follow(self) -> None:
        layer: Any = get_channel_layer()
        self._channel, self._layer = await layer.new_channel(), layer
        # Whoever cancels a layer's receive() gives up the channel: one task has it to the end.
        loops = [asyncio.create_task(self._receive_all()), asyncio.create_task(self._pulse())]
        reports: set[Callable[[], None]] = getattr(layer, "reconnected", set())
        reports.add(self._cut_off)
        try:
            for task in (await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED))[0]:
                task.result()
            if renew := getattr(layer, "renew", None):
                await self._quietly(renew())
        finally:
            self._layer = None
            reports.discard(self._cut_off)
            for task in loops:
                task.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            await self._quietly(self._leave_all(layer))

    async def _leave_all(self, layer: Any) -> None:
        for group, joined in list(self._joined.items()):
            joined.clear()
            with contextlib.suppress(Exception):
                await layer.group_discard(group, self._channel)

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
                if joined := self._joined.get(message["group"]):
                    joined.set()
            case "pulse":
                self._on_pulse(message["number"])

    async def _pulse(self) -> None:
        """Send pulses until none has come back for too long."""
        begun_at = time.monotonic()
        while True:
            if time.monotonic() - self._joined_at > JOIN_AGAIN:
                self._joined_at = time.monotonic()
                for joined in self._joined.values():
                    joined.clear()
            for group in [group for group, joined in self._joined.items() if not joined.is_set()]:
                await self._join(group)
            self._sent += 1
            message = {"type": "pulse", "number": self._sent}
            await self._quietly(self._layer.send(self._channel, message))
            silence = time.monotonic() - max(self._last_pulse_at, begun_at)
            if silence > LATE:
                self._broken(TimeoutError("No pulse came back."))
            if silence > SILENT:
                return
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                pause = PULSE if self.lost_at is None else PULSE_WHEN_LOST
                await asyncio.wait_for(self._wake.wait(), pause)

    def _on_pulse(self, number: int) -> None:
        if number > self._received + 1:
            self._lose(LookupError("A pulse did not come back."))
        self._received, self._last_pulse_at = number, time.monotonic()
        is_whole = all(joined.is_set() for joined in self._joined.values())
        if self.lost_at is not None and number >= self._required and is_whole:
            seconds, self.lost_at = time.monotonic() - self.lost_at, None
            if self._is_reported:
                logger.warning("Items from the channel layer come again, after %.1f s", seconds)
            self._is_reported = False
            self._restored(seconds)

    def _cut_off(self) -> None:
        self._broken(ConnectionError("The connection was made anew."))
        self._wake.set()

    def _broken(self, error: Exception) -> None:
        """Take items for missing until a pulse arrives that is sent from now on."""
        self._required = self._sent + 1
        self._lose(error)

    def _lose(self, error: Exception) -> None:
        if self.lost_at is None:
            self.lost_at = self._last_pulse_at
        if not self._is_reported:
            self._is_reported = True
            logger.warning("Items from the channel layer may be missing: %r", error)

    async def _join(self, group: str) -> None:
        """Join, and send the group a confirmation, which shows when it comes that we have."""
        if self._layer is not None and group in self._joined:
            await self._quietly(self._layer.group_add(group, self._channel))
            message = {"type": "joined", "group": group, "channel": self._channel}
            await self._quietly(self._layer.group_send(group, message))

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        """Await a call of the layer, and note its failure."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await work
        except Exception as error:  # noqa: BLE001 - whatever a layer raises
            self._broken(error)
