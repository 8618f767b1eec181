"""The frames that a socket still has to send: bounded, so that a slow client delays no other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from channels_layer.sockets.limits import Limits
from channels_layer.sockets.ready import Bundle, ReadyFrame
from channels_layer.sockets.wire import Wire

Start = Callable[[Callable[[], Awaitable[None]]], asyncio.Task[None]]
"""Runs what is to be awaited beside."""


class Backlog:
    """What waits for a client that is behind: in order, and as few frames as may be.

    A frame is joined with the topic's latest one that waits, if nothing but frames of other
    topics without a ``seq`` lies between: what has one stays behind all that came before it.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self.size = 0
        self._slots: deque[list[ReadyFrame]] = deque()
        self._open: dict[str, list[ReadyFrame]] = {}

    def __len__(self) -> int:
        """Count the frames."""
        return len(self._slots)

    def add(self, frame: ReadyFrame, *, joins: bool = True) -> None:
        """Add a frame at the end; one that ``joins`` may become a part of one that waits."""
        self.size += len(frame.text)
        if frame.topic and joins:
            slot = self._open.get(frame.topic)
            both = slot[0].joined(frame) if slot else None
            if slot and both:
                self.size += len(both.text) - len(slot[0].text) - len(frame.text)
                slot[0] = both
                return
            slot = self._open[frame.topic] = [frame]
        else:
            slot = [frame]
            self._open.clear()
        self._slots.append(slot)

    def take(self, most: int) -> list[ReadyFrame]:
        """Take frames from the front: one, and further ones up to ``most`` characters."""
        taken: list[ReadyFrame] = []
        size = 0
        while self._slots and (not taken or size + len(self._slots[0][0].text) <= most):
            slot = self._slots.popleft()
            taken += slot
            size += len(slot[0].text)
            if self._open.get(slot[0].topic) is slot:
                del self._open[slot[0].topic]
        self.size -= size
        return taken


class SendQueue:
    """Sends ready frames, at once where the client keeps up.

    Where it does not, they wait, and a task that lives only for so long sends them.
    """

    __slots__ = ("_backlog", "_is_over", "_limits", "_room", "_start", "_task", "_wire", "since")

    def __init__(self, wire: Wire, limits: Limits, start: Start) -> None:
        """Send by ``wire``; ``start`` runs what has to wait."""
        self._wire = wire
        self._limits = limits
        self._start = start
        self._backlog: Backlog | None = None
        self._task: asyncio.Task[None] | None = None
        self._room: asyncio.Event | None = None
        self._is_over = False
        self.since: float | None = None
        """Since when, by the loop's clock, the client has to take what it was sent last."""

    @property
    def is_full(self) -> bool:
        """Whether no further frame is taken."""
        backlog, limits = self._backlog, self._limits
        return backlog is not None and (
            len(backlog) >= limits.queue_frames or backlog.size >= limits.queue_bytes
        )

    def offer(self, bundle: Bundle, *, joins: bool = True) -> bool:
        """Take frames unless full; return whether all were taken."""
        if self._task is None and not self._is_over:
            keeps_up = self._wire.send_now(bundle)
            if keeps_up is False:
                self._run()
            if keeps_up is not None:
                return True
        for frame in bundle.frames:
            if self.is_full:
                return False
            self._add(frame, joins=joins)
        return True

    def force(self, frame: ReadyFrame) -> None:
        """Take a frame in any case."""
        if not self.is_full:
            self.offer(Bundle([frame]))
        else:
            self._add(frame, joins=False)

    async def put(self, frame: ReadyFrame) -> None:
        """Take a frame as soon as there is room."""
        while self.is_full:
            await self._changed()
        self.force(frame)

    def clear(self) -> None:
        """Drop all waiting frames."""
        self._backlog = None

    async def flushed(self) -> None:
        """Wait until nothing is left to send."""
        while self._task is not None:
            await self._changed()

    def end(self) -> None:
        """Send nothing any more."""
        self._is_over = True
        if self._task is not None:
            self._task.cancel()

    def _add(self, frame: ReadyFrame, *, joins: bool) -> None:
        if self._is_over:
            return
        if self._backlog is None:
            self._backlog = Backlog()
        self._backlog.add(frame, joins=joins)
        if self._task is None:
            self._run()

    def _run(self) -> None:
        self.since = asyncio.get_running_loop().time()
        self._task = self._start(self._send_all)

    async def _send_all(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                frames = self._backlog.take(self._wire.at_once) if self._backlog else []
                self.since = loop.time()
                await self._wire.send(frames)
                if not self._backlog:
                    break
                self._wake()
        except BaseException:
            self._is_over = True
            raise
        finally:
            self._task = self.since = self._backlog = None
            self._wake()

    async def _changed(self) -> None:
        if self._room is None:
            self._room = asyncio.Event()
        await self._room.wait()

    def _wake(self) -> None:
        if self._room is not None:
            self._room.set()
            self._room = None
