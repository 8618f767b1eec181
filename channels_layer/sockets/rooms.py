"""Rooms: one per followed topic and process. A room makes the topic's stream whole; no I/O here."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from channels_layer.access.actors import Actor
from channels_layer.log.topics import TopicKind
from channels_layer.transport.broadcast import Frames

MAX_HELD = 5000


class SocketPort(Protocol):
    """One open socket: who it belongs to, what it follows, and how it is sent frames."""

    actor: Actor | None
    follows: dict[str, "Follow"]

    @property
    def audience(self) -> str:
        """Whose frames it gets: staff or visitor."""

    def offer(self, text: str) -> None:
        """Take a frame to send; never waits."""

    async def put(self, text: str) -> None:
        """Take a frame as soon as there is room."""

    def reset(self, topic: str, head: int) -> None:
        """Let the client start ``topic`` afresh; it no longer follows it."""

    def may_follow(self, topic: str) -> bool:
        """Return whether the actor may follow ``topic``; runs in a thread."""

    def close_if_stuck(self) -> None:
        """End a socket whose client reads nothing."""

    async def recheck(self) -> None:
        """Check the rights again and end what is no longer allowed."""


class Follow:
    """One socket's place in one room: what it has got, and what waits until it has caught up."""

    __slots__ = ("held", "is_overrun", "last", "socket", "topic")

    def __init__(self, socket: SocketPort, topic: str) -> None:
        """Hold all frames back until ``release``."""
        self.socket = socket
        self.topic = topic
        self.last = 0
        self.held: list[tuple[int | None, str | None]] | None = []
        self.is_overrun = False

    def take(self, seq: int | None, text: str | None) -> None:
        """Send a frame, or hold it back while the log is being read."""
        if self.held is not None:
            self._hold(seq, text)
            return
        if seq is not None:
            if seq <= self.last:
                return
            self.last = seq
        if text is not None:
            self.socket.offer(text)
        elif seq is not None:
            # It is too large for a frame: the snapshot has it.
            self.is_overrun = True
            self.socket.reset(self.topic, seq)

    def lacks(self, head: int | None) -> bool:
        """Return whether more of the log has to be read before the held frames can follow."""
        first = next((seq for seq, _ in self.held or [] if seq is not None), None)
        if first is not None:
            return first > self.last + 1
        return head is not None and head > self.last

    def release(self) -> None:
        """Send the held frames; from now on frames are sent at once."""
        held, self.held = self.held, None
        for seq, text in held or []:
            if not self.is_overrun:
                self.take(seq, text)

    def _hold(self, seq: int | None, text: str | None) -> None:
        held = self.held or []
        held.append((seq, text))
        self.is_overrun = self.is_overrun or len(held) > MAX_HELD
        self.held = [] if self.is_overrun else held


class Room:
    """The followers of a topic, who get its durable frames in order, once, without gaps."""

    def __init__(self, topic: str, kind: TopicKind, fill: Callable[["Room"], None]) -> None:
        """Begin without knowing the head; ``fill(room)`` is called when frames are missing."""
        self.topic = topic
        self.kind = kind
        self.follows: set[Follow] = set()
        self.head: int | None = None
        self.wanted = 0
        self.is_filling = False
        self.joined: asyncio.Future[None] | None = None
        self.empty_since = 0.0
        self._fill = fill
        self._waiting: list[tuple[int | None, Frames]] = []

    def begin(self, head: int) -> None:
        """Learn the head from the log; only the first call counts."""
        if self.head is None:
            self.head = head
            self._deliver_waiting()

    def deliver(self, seq: int | None, frames: Frames) -> None:
        """Take a frame from anywhere, in any order, any number of times."""
        if not self.kind.durable:
            self._forward(None, frames)
        elif self.head is None or self.is_filling:
            self._wait(seq, frames)
        elif seq is None:
            self._forward(None, frames)
        elif seq == self.head + 1:
            self.head = seq
            self._forward(seq, frames)
        elif seq > self.head:
            self._wait(seq, frames)
            self.want(seq)

    def want(self, seq: int) -> None:
        """Record that the log reaches at least to ``seq``, and fill what is missing."""
        self.wanted = max(self.wanted, seq)
        if self.head is not None and self.head < self.wanted and not self.is_filling:
            self.is_filling = True
            self._fill(self)

    def filled(self, rows: list[tuple[int, Frames]]) -> None:
        """Take events that were read from the log, in order."""
        for seq, frames in rows:
            if self.head is not None and seq == self.head + 1:
                self.head = seq
                self._forward(seq, frames)

    def go_on(self) -> None:
        """End the filling and deliver what came meanwhile and fits."""
        self.is_filling = False
        self.wanted = self.head or 0
        self._deliver_waiting()

    def forget(self) -> None:
        """Start afresh: there is no follower left, or the events are no longer kept."""
        self.is_filling, self.head, self.wanted = False, None, 0
        self._waiting.clear()

    def _wait(self, seq: int | None, frames: Frames) -> None:
        self._waiting.append((seq, frames))
        self.wanted = max(self.wanted, seq or 0)
        if len(self._waiting) > MAX_HELD:
            # The log has the durable ones; a client that misses a piece of a stream asks again.
            self._waiting.clear()

    def _deliver_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for seq, frames in waiting:
            self.deliver(seq, frames)

    def _forward(self, seq: int | None, frames: Frames) -> None:
        staff, visitor = frames.staff, frames.visitor
        for follow in tuple(self.follows):
            follow.take(seq, visitor if follow.socket.audience == "visitor" else staff)
