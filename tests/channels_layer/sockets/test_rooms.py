"""Rooms: whatever comes in, followers get it once, in order, whole."""

from collections.abc import Hashable, Iterable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from channels_layer.access.actors import Actor
from channels_layer.log.topics import TopicKind
from channels_layer.sockets.ready import Arrived, Bundle
from channels_layer.sockets.rights import Rights
from channels_layer.sockets.rooms import Follow, Room, SocketPort
from channels_layer.transport.broadcast import Frames

NOTE = TopicKind("note", durable=True, may_follow=lambda *_: True)


class Client(SocketPort):
    """A follower that writes down what it gets."""

    audience = "staff"

    def __init__(self) -> None:
        self.actor: Actor | None = None
        self.follows = {}
        self.got: list[str] = []

    def offer(self, bundle: Bundle, *, joins: bool = True) -> None:
        self.got += [frame.text for frame in bundle.frames]

    async def put(self, text: str) -> None:
        self.got.append(text)

    def reset(self, topic: str, head: int) -> None:
        self.got.append(f"reset {head}")

    def may_follow(self, topic: str) -> bool:
        return bool(topic)

    def close_if_stuck(self) -> None:
        self.got.append("closed")

    @property
    def credential(self) -> Hashable:
        return self

    def rights(self, topics: Iterable[str]) -> Rights:
        return Rights(self.actor, frozenset(topics))

    def renew(self, rights: Rights) -> None:
        self.actor = rights.actor


def frames(seq: int) -> Frames:
    return Frames(staff=f"staff {seq}", visitor=f"visitor {seq}")


def join(room: Room, after: int) -> tuple[Client, Follow]:
    client = Client()
    follow = Follow(client, room.topic)
    follow.last = after
    room.follows.add(follow)
    return client, follow


def deliver(room: Room, seq: int | None, frames: Frames, *, at: float = 2.0) -> None:
    """Let something come, after all who follow have settled."""
    room.deliver(Arrived(seq, frames, at))


def at_once(room: Room) -> None:
    """Send to all followers, one after the other."""
    while room.advance(1):
        pass


def room_with_log(length: int) -> Room:
    """Return a room whose gaps are filled at once from a log of that length."""

    def fill(room: Room) -> None:
        head = room.head or 0
        room.filled([(seq, frames(seq)) for seq in range(head + 1, length + 1)], 1.0)
        room.go_on()

    return Room("note:1", NOTE, fill, at_once)


@given(st.lists(st.integers(1, 12), max_size=60), st.integers(0, 12))
def test_any_order_and_number_comes_out_once_in_order(hints: list[int], begin: int) -> None:
    top = max([*hints, begin])
    room = room_with_log(top)
    client, follow = join(room, begin)
    follow.release(0.0)
    for hint in hints[::2]:
        deliver(room, hint, frames(hint))
    room.begin(begin)
    for hint in hints[1::2]:
        deliver(room, hint, frames(hint))
    room.want(top)

    assert client.got == [f"staff {seq}" for seq in range(begin + 1, top + 1)]


@given(st.integers(0, 8), st.integers(0, 8), st.lists(st.integers(1, 8), max_size=20))
def test_who_catches_up_meanwhile_gets_no_gap(read: int, head: int, hints: list[int]) -> None:
    """``read`` is how far the new follower has read the log, ``head`` where the room stood."""
    room = room_with_log(8)
    room.begin(head)
    client, follow = join(room, read)
    for hint in hints:
        deliver(room, hint, frames(hint))
    while follow.lacks(room.head):
        for seq in range(follow.last + 1, 9):
            client.got.append(f"staff {seq}")
            follow.last = seq
    follow.release(0.0)
    room.want(8)

    assert client.got == [f"staff {seq}" for seq in range(read + 1, 9)]


def test_frames_without_seq_wait_for_those_before_them() -> None:
    fills: list[Room] = []
    room = Room("note:1", NOTE, fills.append, at_once)
    client, follow = join(room, 0)
    follow.release(0.0)
    room.begin(0)

    deliver(room, 2, frames(2))
    deliver(room, None, Frames(staff="piece"))
    assert client.got == []
    assert fills == [room]

    room.filled([(1, frames(1)), (2, frames(2))], 1.0)
    room.go_on()
    assert client.got == ["staff 1", "staff 2", "piece"]


def test_each_audience_gets_its_own() -> None:
    room = room_with_log(0)
    client, follow = join(room, 0)
    client.audience = "visitor"
    follow.release(0.0)
    room.begin(0)

    deliver(room, 1, frames(1))
    deliver(room, None, Frames(staff="piece", visitor=None))
    assert client.got == ["visitor 1"]


def test_what_has_no_text_resets_its_audience_alone() -> None:
    room = room_with_log(0)
    (visitor, visitors), (_, staffs) = join(room, 0), join(room, 0)
    visitor.audience = "visitor"
    staffs.release(0.0)
    room.begin(0)
    deliver(room, 1, frames(1))
    deliver(room, 2, Frames(staff="staff 2", visitor=None))
    deliver(room, 3, frames(3))
    visitors.release(0.0)

    assert visitor.got == ["visitor 1", "reset 2"]


def test_who_cannot_keep_up_while_reading_the_log_is_overrun() -> None:
    room = room_with_log(0)
    _, follow = join(room, 0)
    for _ in range(6000):
        deliver(room, None, Frames(staff="x"))
        room.begin(0)
    assert follow.is_overrun
    held: list[Any] = follow.held or []
    assert len(held) < 5001
