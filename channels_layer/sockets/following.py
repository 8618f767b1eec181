"""Following: how sockets join rooms, catch up from the log, and go live without a gap."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from channels_layer import times
from channels_layer.access.actors import Actor
from channels_layer.errors import NotFoundError
from channels_layer.log import events, topics
from channels_layer.sockets import catchup
from channels_layer.sockets.background import Background
from channels_layer.sockets.catchup import text_of
from channels_layer.sockets.limits import MAX_REPLAY
from channels_layer.sockets.reader import Reader
from channels_layer.sockets.rooms import Follow, Room
from channels_layer.transport import broadcast
from channels_layer.transport.subscriber import Subscriber

logger = logging.getLogger(__name__)

RETRY = 1.0


class Guest(Protocol):
    """A socket, as far as following goes."""

    actor: Actor | None
    follows: dict[str, Follow]

    @property
    def audience(self) -> str:
        """Whose frames it gets: staff or visitor."""

    def offer(self, text: str) -> None:
        """Take a frame to send; never waits."""

    async def put(self, text: str) -> None:
        """Take a frame as soon as there is room."""

    def reset(self, topic: str, head: int) -> None:
        """Tell the client to start ``topic`` afresh; it no longer follows it."""

    def may_follow(self, topic: str) -> bool:
        """Tell whether the actor may follow ``topic``; runs in a thread."""


@dataclass(frozen=True)
class Arrival:
    """A socket's wish to follow a topic from ``after`` on, and the ``ref`` to answer with."""

    guest: Guest
    topic: str
    after: int | None
    ref: Any = None

    def answer(self, type_: str, head: int) -> str:
        """Write the answer."""
        frame = {"type": type_, "topic": self.topic, "head": head}
        return text_of(frame if self.ref is None else frame | {"ref": self.ref})


class Following:
    """The rooms of one process and what they need from the log and the subscription."""

    def __init__(self, reader: Reader, subscriber: Subscriber, background: Background) -> None:
        """Read by ``reader``, hear by ``subscriber``."""
        self.rooms: dict[str, Room] = {}
        self._reader = reader
        self._subscriber = subscriber
        self._background = background
        self._filling: set[asyncio.Task[None]] = set()

    async def follow(self, arrival: Arrival) -> None:
        """Replay what comes after ``after``, then go live.

        Joins before it reads, so nothing falls between. Raises ``NotFoundError`` for a topic that
        does not exist or that the actor may not follow.
        """
        guest, topic = arrival.guest, arrival.topic
        kind = topics.kind_of(topic)
        if kind is None or not await self._reader.run(guest.may_follow, topic):
            raise NotFoundError("There is no such topic for you.", extra={"topic": topic})
        self.unfollow(guest, topic)
        room = self.rooms.get(topic)
        if room is None:
            room = self.rooms[topic] = Room(topic, kind, self._fill)
        follow = Follow(guest, topic)
        room.follows.add(follow)
        guest.follows[topic] = follow
        try:
            await self._joined(room)
            await self._catch_up(arrival, follow, room)
        except BaseException:
            self.unfollow(guest, topic)
            raise

    def unfollow(self, guest: Guest, topic: str) -> None:
        """Let ``guest`` follow ``topic`` no more."""
        follow = guest.follows.pop(topic, None)
        room = self.rooms.get(topic)
        if follow is not None and room is not None:
            room.follows.discard(follow)
            room.empty_since = asyncio.get_running_loop().time()

    def head_of(self, topic: str) -> int:
        """Give the newest ``seq`` that was handed to the followers of ``topic``."""
        room = self.rooms.get(topic)
        return (room.head if room else None) or 0

    def hear(self, topic: str, payload: bytes) -> None:
        """Take a payload of the subscription."""
        room = self.rooms.get(topic)
        if room is not None:
            room.deliver(*broadcast.unpack(payload))

    async def refresh(self, seconds: float) -> dict[str, int]:
        """Look at the log for what followers miss, and send rows changed within ``seconds`` again.

        Gives the heads of the durable topics followed here; waits for 2 s until all is filled.
        """
        durable = [topic for topic, room in self.rooms.items() if room.kind.durable]
        summaries = [topic for topic, room in self.rooms.items() if room.kind.recent]
        heads = await self._reader.run(events.heads, durable) if durable else {}
        for topic, head in heads.items():
            if topic in self.rooms:
                self.rooms[topic].want(head)
        if summaries:
            at = times.now()
            since = at - timedelta(seconds=seconds)
            changed = await self._reader.run(catchup.recent, summaries, since, at)
            for topic, rows in changed.items():
                for frames in rows if topic in self.rooms else []:
                    self.rooms[topic].deliver(None, frames)
        return heads

    async def filled(self, seconds: float) -> None:
        """Wait until no room is being filled from the log, for at most ``seconds``."""
        if self._filling:
            await asyncio.wait(self._filling, timeout=seconds)

    async def leave_empty(self, linger: float) -> None:
        """Leave the rooms that nobody has followed for ``linger`` seconds."""
        horizon = asyncio.get_running_loop().time() - linger
        for room in list(self.rooms.values()):
            if not room.follows and room.empty_since < horizon:
                del self.rooms[room.topic]
                await self._subscriber.remove(broadcast.channel_of(room.topic))

    async def _catch_up(self, arrival: Arrival, follow: Follow, room: Room) -> None:
        guest, topic, head = arrival.guest, room.topic, 0
        frames: list[tuple[int, str | None]] = []
        if room.kind.durable:
            look = await self._reader.run(catchup.look, topic, arrival.after, guest.audience)
            head = look.head
            room.begin(head)
            if look.frames is None:
                self.unfollow(guest, topic)
                await guest.put(arrival.answer("reset", head))
                return
            follow.last, frames = look.start, look.frames
        await guest.put(arrival.answer("following", head))
        await _replay(guest, follow, frames)
        for text in await self._reader.run(catchup.snapshots, guest.actor, topic, times.now()):
            await guest.put(text)
        await self._go_live(guest, follow, room)

    async def _go_live(self, guest: Guest, follow: Follow, room: Room) -> None:
        while self._is_behind(guest, follow, room):
            look = await self._reader.run(catchup.look, room.topic, follow.last, guest.audience)
            follow.is_overrun = not look.frames
            await _replay(guest, follow, look.frames or [])
        if guest.follows.get(follow.topic) is not follow:
            return
        if follow.is_overrun:
            guest.reset(room.topic, room.head or 0)
        else:
            follow.release()

    def _is_behind(self, guest: Guest, follow: Follow, room: Room) -> bool:
        is_here = guest.follows.get(follow.topic) is follow
        return is_here and follow.lacks(room.head) and not follow.is_overrun

    async def _joined(self, room: Room) -> None:
        if room.joined is None:
            channel = broadcast.channel_of(room.topic)
            room.joined = asyncio.ensure_future(self._subscriber.add(channel))
        await asyncio.shield(room.joined)

    def _fill(self, room: Room) -> None:
        task = self._background.spawn(self._fill_from_log(room))
        self._filling.add(task)
        task.add_done_callback(self._filling.discard)

    async def _fill_from_log(self, room: Room) -> None:
        while room.head is not None and room.head < room.wanted and room.follows:
            try:
                rows = await self._reader.run(events.since, room.topic, room.head, MAX_REPLAY)
                if not rows:
                    await self._start_afresh(room)
                    return
                room.filled(rows)
            except Exception:
                logger.exception("The log of %s cannot be read", room.topic)
                await asyncio.sleep(RETRY)
        if room.follows:
            room.go_on()
        else:
            room.forget()

    async def _start_afresh(self, room: Room) -> None:
        head = await self._reader.run(events.head, room.topic)
        follows = list(room.follows)
        room.forget()
        for follow in follows:
            follow.follower.reset(room.topic, head)


async def _replay(guest: Guest, follow: Follow, frames: list[tuple[int, str | None]]) -> None:
    for seq, text in frames:
        if guest.follows.get(follow.topic) is not follow:
            return
        if text is None:
            guest.reset(follow.topic, seq)
            return
        await guest.put(text)
        follow.last = seq
