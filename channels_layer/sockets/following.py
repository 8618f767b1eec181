"""Following: how sockets join rooms, catch up from the log, and go live without a gap."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from django.utils.translation import gettext as _

from channels_layer import times
from channels_layer.errors import NotFoundError
from channels_layer.log import events, topics
from channels_layer.sockets import catchup
from channels_layer.sockets.background import Background
from channels_layer.sockets.catchup import text_of
from channels_layer.sockets.fan_out import FanOut
from channels_layer.sockets.limits import MAX_REPLAY
from channels_layer.sockets.ready import Arrived
from channels_layer.sockets.rooms import Follow, Room, SocketPort
from channels_layer.transport import broadcast
from channels_layer.transport.outbound import Item
from channels_layer.transport.subscription import Subscription
from channels_layer.work.threads import DatabaseThreads

logger = logging.getLogger(__name__)

RETRY = 1.0


@dataclass(frozen=True)
class Arrival:
    """A socket's request to follow a topic from ``after`` on, and the ``ref`` to answer with."""

    socket: SocketPort
    topic: str
    after: int | None
    ref: Any = None

    def answer(self, type_: str, head: int) -> str:
        """Return the answer as text."""
        frame = {"type": type_, "topic": self.topic, "head": head}
        return text_of(frame if self.ref is None else frame | {"ref": self.ref})


class Following:
    """The rooms of one process and what they need from the log and the subscription."""

    def __init__(
        self, database: DatabaseThreads, subscription: Subscription, background: Background
    ) -> None:
        """Read the log with ``database``, receive frames from ``subscription``."""
        self.rooms: dict[str, Room] = {}
        self._database = database
        self._subscription = subscription
        self._background = background
        self._filling: set[asyncio.Task[None]] = set()
        self._fan_out = FanOut()

    async def follow(self, arrival: Arrival) -> None:
        """Replay what comes after ``after``, then go live.

        Joins before it reads, so nothing falls between. Raises ``NotFoundError`` for a topic that
        does not exist or that the actor may not follow.
        """
        socket, topic = arrival.socket, arrival.topic
        kind = topics.kind_of(topic)
        if kind is None or not await self._database.run(socket.may_follow, topic):
            raise NotFoundError(_("There is no such topic for you."), extra={"topic": topic})
        self.unfollow(socket, topic)
        room = self.rooms.get(topic)
        if room is None:
            room = self.rooms[topic] = Room(topic, kind, self._fill, self._fan_out.add)
        follow = Follow(socket, topic)
        room.follows.add(follow)
        socket.follows[topic] = follow
        try:
            await self._joined(room)
            await self._catch_up(arrival, follow, room)
        except BaseException:
            self.unfollow(socket, topic)
            raise

    def unfollow(self, socket: SocketPort, topic: str) -> None:
        """Stop ``socket`` from following ``topic``."""
        follow = socket.follows.pop(topic, None)
        room = self.rooms.get(topic)
        if follow is not None:
            follow.is_over = True
        if follow is not None and room is not None:
            room.follows.discard(follow)
            room.empty_since = asyncio.get_running_loop().time()

    def head_of(self, topic: str) -> int:
        """Return the newest ``seq`` of ``topic`` that is here or on its way to the followers."""
        room = self.rooms.get(topic)
        return (room.head if room else None) or 0

    def receive(self, topic: str, items: list[Item], at: float) -> None:
        """Deliver to the topic's room what the subscription received ``at``, by ``monotonic``."""
        room = self.rooms.get(topic)
        if room is not None:
            for item in items:
                room.deliver(Arrived(*broadcast.unpack(item), at))

    async def refresh(self, seconds: float) -> dict[str, int]:
        """Read from the log what followers miss; resend the rows changed within ``seconds``.

        Return the heads of the durable topics followed here; ``filled`` waits for the rest.
        """
        durable = [topic for topic, room in self.rooms.items() if room.kind.durable]
        summaries = [topic for topic, room in self.rooms.items() if room.kind.recent]
        heads = await self._database.run(events.heads, durable) if durable else {}
        for topic, head in heads.items():
            if topic in self.rooms:
                self.rooms[topic].want(head)
        if summaries:
            at = times.now()
            since = at - timedelta(seconds=seconds)
            changed = await self._database.run(catchup.recent, summaries, since, at)
            for topic, rows in changed.items():
                for frames in rows if topic in self.rooms else []:
                    self.rooms[topic].deliver(Arrived(None, frames, monotonic()))
        return heads

    async def filled(self, seconds: float) -> None:
        """Wait until no room is being filled from the log, for at most ``seconds``."""
        if self._filling:
            await asyncio.wait(self._filling, timeout=seconds)

    def heads_of(self, socket: SocketPort, heads: dict[str, int]) -> dict[str, int]:
        """Return how far ``socket`` should be, by the heads that were read from the log."""
        found: dict[str, int] = {}
        for topic, follow in socket.follows.items():
            room = self.rooms.get(topic)
            if room is None or not room.kind.durable:
                continue
            # What is on its way to the socket would look like a loss.
            head = max(heads.get(topic, 0), room.head or 0)
            found[topic] = min(head, follow.last) if room.is_sending else head
        return found

    async def leave_empty(self, linger: float) -> None:
        """Leave the rooms that nobody has followed for ``linger`` seconds."""
        horizon = asyncio.get_running_loop().time() - linger
        for room in list(self.rooms.values()):
            if not room.follows and room.empty_since < horizon:
                del self.rooms[room.topic]
                await self._subscription.remove(broadcast.group_of(room.topic))

    async def _catch_up(self, arrival: Arrival, follow: Follow, room: Room) -> None:
        socket, topic, head = arrival.socket, room.topic, 0
        frames: list[tuple[int, str | None]] = []
        if room.kind.durable:
            part = await self._database.run(catchup.slice_of, topic, arrival.after, socket.audience)
            head = part.head
            room.begin(head)
            if part.frames is None:
                self.unfollow(socket, topic)
                await socket.put(arrival.answer("reset", head))
                return
            follow.last, frames = part.start, part.frames
        await socket.put(arrival.answer("following", head))
        await _replay(socket, follow, frames)
        for text in await self._database.run(catchup.snapshots, socket.actor, topic, times.now()):
            await socket.put(text)
        await self._go_live(socket, follow, room)

    async def _go_live(self, socket: SocketPort, follow: Follow, room: Room) -> None:
        while self._is_behind(socket, follow, room):
            part = await self._database.run(
                catchup.slice_of, room.topic, follow.last, socket.audience
            )
            follow.is_overrun = not part.frames
            await _replay(socket, follow, part.frames or [])
        if socket.follows.get(follow.topic) is not follow:
            return
        if follow.is_overrun:
            socket.reset(room.topic, room.head or 0)
        else:
            follow.release(monotonic())

    def _is_behind(self, socket: SocketPort, follow: Follow, room: Room) -> bool:
        is_here = socket.follows.get(follow.topic) is follow
        return is_here and follow.lacks(room.head) and not follow.is_overrun

    async def _joined(self, room: Room) -> None:
        if room.joined is None:
            group = broadcast.group_of(room.topic)
            room.joined = asyncio.ensure_future(self._subscription.add(group))
        await asyncio.shield(room.joined)

    def _fill(self, room: Room) -> None:
        task = self._background.spawn(self._fill_from_log(room))
        self._filling.add(task)
        task.add_done_callback(self._filling.discard)

    async def _fill_from_log(self, room: Room) -> None:
        while room.head is not None and room.head < room.wanted and room.follows:
            try:
                rows = await self._database.run(events.since, room.topic, room.head, MAX_REPLAY)
                if not rows:
                    await self._start_afresh(room)
                    return
                room.filled(rows, monotonic())
            except Exception:
                logger.exception("The log of %s cannot be read", room.topic)
                await asyncio.sleep(RETRY)
        if room.follows:
            room.go_on()
        else:
            room.forget()

    async def _start_afresh(self, room: Room) -> None:
        head = await self._database.run(events.head, room.topic)
        follows = list(room.follows)
        room.forget()
        for follow in follows:
            follow.socket.reset(room.topic, head)


async def _replay(socket: SocketPort, follow: Follow, frames: list[tuple[int, str | None]]) -> None:
    for seq, text in frames:
        if socket.follows.get(follow.topic) is not follow:
            return
        if text is None:
            socket.reset(follow.topic, seq)
            return
        await socket.put(text)
        follow.last = seq
