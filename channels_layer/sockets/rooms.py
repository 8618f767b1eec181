"""Rooms: one per followed topic and process. A room makes the topic's stream whole; no I/O here."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Protocol

from channels_layer.log.topics import TopicKind
from channels_layer.sockets.ready import Arrived, Batch, Bundle, Entry, ReadyFrame
from channels_layer.sockets.rights import Holder
from channels_layer.transport.broadcast import Frames

MAX_HELD = 5000
BATCH_BYTES = 128 * 1024
SETTLING_SECONDS = 1.0
"""What came until then a new follower gets as it came: its snapshot may end within a bundle."""


class SocketPort(Holder, Protocol):
    """One open socket: who it belongs to, what it follows, and how it is sent frames."""

    follows: dict[str, "Follow"]

    @property
    def audience(self) -> str:
        """Whose frames it gets: staff or visitor."""

    def offer(self, bundle: Bundle, *, joins: bool = True) -> None:
        """Take frames to send; never waits. Those of a topic may be joined unless told not to."""

    async def put(self, text: str) -> None:
        """Take a frame as soon as there is room."""

    def reset(self, topic: str, head: int) -> None:
        """Let the client start ``topic`` afresh; it no longer follows it."""

    def may_follow(self, topic: str) -> bool:
        """Return whether the actor may follow ``topic``; runs in a thread."""

    def close_if_stuck(self) -> None:
        """End a socket whose client reads nothing."""


class Follow:
    """One socket's place in one room: what it has got, and what waits until it has caught up."""

    __slots__ = ("held", "is_over", "is_overrun", "last", "settled_at", "socket", "topic")

    def __init__(self, socket: SocketPort, topic: str) -> None:
        """Hold all frames back until ``release``."""
        self.socket = socket
        self.topic = topic
        self.last = 0
        self.held: list[Entry] | None = []
        self.is_overrun = False
        self.is_over = False
        self.settled_at = 0.0

    def take(self, batch: Batch) -> None:
        """Send what came, or hold it back while the log is being read."""
        audience = self.socket.audience
        if self.held is not None:
            self._hold(batch.entries(audience))
            return
        is_next = batch.first is None or batch.first == self.last + 1
        is_settled = batch.since > self.settled_at
        bundle = batch.bundle(audience) if is_next and is_settled else None
        if bundle is None:
            for seq, frame in batch.entries(audience):
                self._take_one(seq, frame)
            return
        if batch.last is not None:
            self.last = batch.last
        if bundle.frames:
            self.socket.offer(bundle)

    def lacks(self, head: int | None) -> bool:
        """Return whether more of the log has to be read before the held frames can follow."""
        first = next((seq for seq, _ in self.held or [] if seq is not None), None)
        if first is not None:
            return first > self.last + 1
        return head is not None and head > self.last

    def release(self, at: float) -> None:
        """Send the held frames; from now, ``at``, on frames are sent at once."""
        held, self.held = self.held, None
        self.settled_at = at + SETTLING_SECONDS
        for seq, frame in held or []:
            self._take_one(seq, frame)

    def _take_one(self, seq: int | None, frame: ReadyFrame | None) -> None:
        if self.is_over or self.is_overrun:
            return
        if seq is not None:
            if seq <= self.last:
                return
            self.last = seq
        if frame is not None:
            self.socket.offer(Bundle([frame]), joins=False)
        else:
            # It is too large for a frame: the snapshot has it.
            self.is_overrun = True
            self.socket.reset(self.topic, self.last)

    def _hold(self, entries: list[Entry]) -> None:
        held = self.held or []
        held += entries
        self.is_overrun = self.is_overrun or len(held) > MAX_HELD
        self.held = [] if self.is_overrun else held


class Room:
    """The followers of a topic, who get its durable frames in order, once, without gaps."""

    def __init__(
        self,
        topic: str,
        kind: TopicKind,
        fill: Callable[["Room"], None],
        send: Callable[["Room"], None],
    ) -> None:
        """Begin without knowing the head.

        ``fill(room)`` is called when frames are missing, ``send(room)`` when there are some to
        be sent: then somebody has to call ``advance`` until nothing is left.
        """
        self.topic = topic
        self.kind = kind
        self.follows: set[Follow] = set()
        self.head: int | None = None
        self.wanted = 0
        self.is_filling = False
        self.joined: asyncio.Future[None] | None = None
        self.empty_since = 0.0
        self._fill = fill
        self._send = send
        self._waiting: list[Arrived] = []
        self._leaving: deque[Arrived] = deque()
        self._round: Iterator[Follow] = iter(())
        self._batch: Batch | None = None

    @property
    def is_sending(self) -> bool:
        """Whether some followers have not got all that came."""
        return self._batch is not None or bool(self._leaving)

    def begin(self, head: int) -> None:
        """Learn the head from the log; only the first call counts."""
        if self.head is None:
            self.head = head
            self._deliver_waiting()

    def deliver(self, item: Arrived) -> None:
        """Take a frame from anywhere, in any order, any number of times."""
        seq = item.seq
        if not self.kind.durable:
            self._forward(item._replace(seq=None))
        elif self.head is None or self.is_filling:
            self._wait(item)
        elif seq is None:
            self._forward(item)
        elif seq == self.head + 1:
            self.head = seq
            self._forward(item)
        elif seq > self.head:
            self._wait(item)
            self.want(seq)

    def want(self, seq: int) -> None:
        """Record that the log reaches at least to ``seq``, and fill what is missing."""
        self.wanted = max(self.wanted, seq)
        if self.head is not None and self.head < self.wanted and not self.is_filling:
            self.is_filling = True
            self._fill(self)

    def filled(self, rows: list[tuple[int, Frames]], at: float) -> None:
        """Take events that were read from the log, in order."""
        for seq, frames in rows:
            if self.head is not None and seq == self.head + 1:
                self.head = seq
                self._forward(Arrived(seq, frames, at))

    def go_on(self) -> None:
        """End the filling and deliver what came meanwhile and fits."""
        self.is_filling = False
        self.wanted = self.head or 0
        self._deliver_waiting()

    def advance(self, number: int) -> bool:
        """Send what came last to the next followers; return whether there is more to do.

        What comes meanwhile waits until all have got it, and is one batch for all of them.
        """
        if self._batch is None:
            self._batch = self._next_batch()
            self._round = iter(tuple(self.follows))
        left = number
        for follow in islice(self._round, number):
            left -= 1
            if not follow.is_over:
                follow.take(self._batch)
        if left:
            self._batch = None
        return self.is_sending

    def forget(self) -> None:
        """Start afresh: there is no follower left, or the events are no longer kept."""
        self.is_filling, self.head, self.wanted = False, None, 0
        self._waiting.clear()
        self._leaving.clear()

    def _wait(self, item: Arrived) -> None:
        self._waiting.append(item)
        self.wanted = max(self.wanted, item.seq or 0)
        if len(self._waiting) > MAX_HELD:
            # The log has the durable ones; a client that misses a piece of a stream asks again.
            self._waiting.clear()

    def _deliver_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for item in waiting:
            self.deliver(item)

    def _forward(self, item: Arrived) -> None:
        self._leaving.append(item)
        self._send(self)

    def _next_batch(self) -> Batch:
        items: list[Arrived] = []
        size = 0
        while self._leaving and size < BATCH_BYTES:
            item = self._leaving.popleft()
            size += max(len(item.frames.staff or ""), len(item.frames.visitor or ""))
            items.append(item)
        return Batch(self.topic, items)
