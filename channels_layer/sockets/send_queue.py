"""The frames that a socket still has to send: bounded, so that a slow client delays no other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from channels_layer.sockets.limits import Limits
from channels_layer.sockets.ready import Bundle, ReadyFrame, bundled
from channels_layer.sockets.wire import Wire

Start = Callable[[Callable[[], Awaitable[None]]], asyncio.Task[None]]
"""Runs what is to be awaited beside."""

PIECES = 32
"""So many frames that wait behind one another become as few as may be, so that few are held."""


class _Slot:
    """Frames of a topic that lie one behind the other; its ``pieces`` may still become fewer."""

    __slots__ = ("pieces", "whole")

    def __init__(self) -> None:
        self.whole: deque[ReadyFrame] = deque()
        self.pieces: list[ReadyFrame] = []


class Backlog:
    """What waits for a client that is behind: in order, and as few frames as may be.

    A frame may become one with those of its topic that wait, if nothing but frames of other topics
    without a ``seq`` lies between: what has one stays behind all that came before it. That is done
    when they are taken, when they are many, and before the backlog is said to be too large.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self.size = 0
        """Characters."""
        self._number = 0
        self._slots: deque[_Slot] = deque()
        self._open: dict[str, _Slot] = {}

    def __len__(self) -> int:
        """Count the frames."""
        return self._number

    def add(self, frame: ReadyFrame, *, joins: bool = True) -> None:
        """Add a frame at the end; one that ``joins`` may become a part of those that wait."""
        self._count([frame])
        may_join = joins and bool(frame.topic)
        if not may_join:
            self._open.clear()
        slot = self._open.get(frame.topic)
        if slot is None:
            slot = _Slot()
            self._slots.append(slot)
            if may_join:
                self._open[frame.topic] = slot
        slot.pieces.append(frame)
        if len(slot.pieces) >= PIECES:
            self._fold(slot)

    def take(self, most: int) -> list[ReadyFrame]:
        """Take frames from the front: one, and further ones up to ``most`` characters."""
        taken: list[ReadyFrame] = []
        size = 0
        while self._slots:
            slot = self._slots[0]
            self._fold(slot)
            first = slot.whole[0] if slot.whole else slot.pieces[0]
            size += len(first.text)
            if taken and size > most:
                break
            taken.append(first)
            if slot.whole:
                slot.whole.popleft()
            else:
                self._slots.popleft()
                if self._open.get(first.topic) is slot:
                    del self._open[first.topic]
        self._count(taken, -1)
        return taken

    def exceeds(self, number: int, size: int) -> bool:
        """Return whether it has come to so many frames or characters, even as few as may be."""
        if len(self) >= number or self.size >= size:
            for slot in self._slots:
                self._fold(slot)
        return len(self) >= number or self.size >= size

    def _fold(self, slot: _Slot) -> None:
        if len(slot.pieces) == 1:
            return
        self._count(slot.pieces, -1)
        *whole, latest = bundled(slot.pieces)
        self._count([*whole, latest])
        slot.whole += whole
        slot.pieces = [latest]

    def _count(self, frames: Sequence[ReadyFrame], sign: int = 1) -> None:
        self._number += sign * len(frames)
        self.size += sign * sum(len(frame.text) for frame in frames)


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
        limits = self._limits
        return self._backlog is not None and self._backlog.exceeds(
            limits.queue_frames, limits.queue_bytes
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
