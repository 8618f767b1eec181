"""Fan-out: in slices, between which the loop does all else, and each room in its turn."""

import asyncio
import logging

import pytest

from channels_layer.log.topics import TopicKind
from channels_layer.sockets import fan_out
from channels_layer.sockets.fan_out import FanOut
from channels_layer.sockets.ready import Bundle
from channels_layer.sockets.rooms import Follow, Room
from channels_layer.transport.broadcast import Frames
from tests.channels_layer.sockets.test_rooms import Client, deliver
from tests.servers.waiting import eventually

BOARD = TopicKind("board", durable=False, may_follow=lambda *_: True)


def room_of(own: FanOut, followers: list[Client]) -> Room:
    room = Room("board", BOARD, lambda _: None, own.add)
    for client in followers:
        follow = Follow(client, "board")
        follow.release(0.0)
        room.follows.add(follow)
    return room


async def test_the_loop_has_its_turn_between_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fan_out, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr(fan_out, "AT_ONCE", 1)
    own, clients = FanOut(), [Client() for _ in range(100)]
    deliver(room_of(own, clients), None, Frames("a"))
    reached = []
    while sum(len(client.got) for client in clients) < 100:
        reached.append(sum(len(client.got) for client in clients))
        await asyncio.sleep(0)
    assert len(reached) > 10
    assert all(client.got == ["a"] for client in clients)


async def test_a_room_of_many_holds_up_no_room_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fan_out, "AT_ONCE", 10)
    own, many = FanOut(), [Client() for _ in range(1000)]
    got_before: list[int] = []

    class Noting(Client):
        """Notes how many had got theirs when it gets its own."""

        def offer(self, bundle: Bundle, *, joins: bool = True) -> None:
            got_before.append(sum(len(client.got) for client in many))

    large, small = room_of(own, many), room_of(own, [Noting()])
    deliver(large, None, Frames("a"))
    deliver(small, None, Frames("b"))
    await eventually(lambda: all(client.got for client in many))
    assert got_before == [10]


async def test_a_failure_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Client):
        """Cannot be sent to."""

        def offer(self, bundle: Bundle, *, joins: bool = True) -> None:
            raise LookupError

    own, client = FanOut(), Client()
    deliver(room_of(own, [Failing()]), None, Frames("a"))
    deliver(room_of(own, [client]), None, Frames("b"))
    with caplog.at_level(logging.ERROR):
        await eventually(lambda: client.got == ["b"])
    assert "could not be sent" in caplog.text
