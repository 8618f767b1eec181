"""Following: replay, live, reset, heads; nothing missed, doubled or out of order."""

import asyncio
from typing import Any

import pytest
from pytest_django import Settings

from channels_layer.log import events, topics
from channels_layer.models import Event
from channels_layer.sockets import hub
from channels_layer.transport import outbound
from channels_layer.transport.outbound import Item
from config.asgi import sockets
from tests.channel_layers import watched
from tests.channels_layer.board import NOTE, Board, in_thread, say
from tests.channels_layer.conftest import Connect
from tests.channels_layer.lines import connected
from tests.factories import NOON
from tests.servers import waiting
from tests.servers.waiting import eventually

pytestmark = [
    pytest.mark.socket,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("transactional_db", "board", "layer"),
]


async def test_goes_live(line: Connect) -> None:
    async with line() as client:
        assert await client.follow(NOTE, ref=7) == {
            "type": "following",
            "topic": NOTE,
            "head": 0,
            "ref": 7,
        }
        await say("hello")
        assert await client.next() == {
            "v": 1,
            "type": "said",
            "topic": NOTE,
            "seq": 1,
            "at": "2026-11-20T12:00:00.000Z",
            "data": {"text": "hello"},
        }


async def test_replays_what_was_missed_then_goes_live(line: Connect) -> None:
    await say("a", "b", "c")
    async with line() as client:
        assert (await client.follow(NOTE, after=1))["head"] == 3
        await say("d")
        assert await client.hear_seqs(3) == [2, 3, 4]


async def test_without_after_nothing_old_comes(line: Connect) -> None:
    await say("a", "b")
    async with line() as client:
        assert (await client.follow(NOTE))["head"] == 2
        await say("c")
        assert (await client.next())["seq"] == 3


async def test_an_after_beyond_the_head_is_the_head(line: Connect) -> None:
    await say("a")
    async with line() as client:
        assert (await client.follow(NOTE, after=99))["head"] == 1
        await say("b")
        assert (await client.next())["seq"] == 2


async def test_too_far_behind_means_reset(line: Connect) -> None:
    await say(*(["x"] * 502))
    async with line() as client:
        await client.send(type="follow", topic=NOTE, after=1, ref="r")
        assert await client.next() == {"type": "reset", "topic": NOTE, "head": 502, "ref": "r"}
        await say("not followed")
        assert await client.is_silent()

        await client.follow(NOTE, after=3)
        assert await client.hear_seqs(500) == list(range(4, 504))


@pytest.mark.parametrize("text", ["x" * 2**16, "\U0001f600" * 2**14, "\x01" * 11_000])
async def test_what_fits_no_frame_means_reset(line: Connect, text: str) -> None:
    async with line() as client:
        await client.follow(NOTE)
        await say("a", text)
        assert (await client.next())["seq"] == 1
        assert await client.next() == {"type": "reset", "topic": NOTE, "head": 2}
        await say("not followed")
        assert await client.is_silent()

        await client.follow(NOTE, after=2)
        await say("d")
        assert await client.hear_seqs(2) == [3, 4]


async def test_what_fits_no_frame_is_not_replayed(line: Connect) -> None:
    await say("a", "x" * 2**16, "c")
    async with line() as client:
        await client.follow(NOTE, after=0)
        assert (await client.next())["seq"] == 1
        assert await client.next() == {"type": "reset", "topic": NOTE, "head": 2}
        await client.follow(NOTE, after=2)
        assert await client.hear_seqs(1) == [3]


async def test_what_is_no_longer_kept_means_reset(line: Connect) -> None:
    await say("a", "b", "c")
    await in_thread(Event.objects.filter(seq__lt=3).delete)
    async with line() as client:
        await client.send(type="follow", topic=NOTE, after=0)
        assert (await client.next())["type"] == "reset"


async def test_following_again_replays_again(line: Connect) -> None:
    await say("a", "b")
    async with line() as client:
        await client.follow(NOTE, after=0)
        assert await client.hear_seqs(2) == [1, 2]
        await client.follow(NOTE, after=1)
        await say("c")
        assert await client.hear_seqs(2) == [2, 3]


async def test_unfollowing_ends_it(line: Connect) -> None:
    async with line() as client:
        await client.follow(NOTE)
        await client.send(type="unfollow", topic=NOTE)
        await client.send(type="ping", ref=1)
        await client.receive("pong")
        await say("a")
        assert await client.is_silent()


async def test_gets_only_what_it_follows(line: Connect) -> None:
    async with line() as client:
        await client.follow(NOTE)
        await say("elsewhere", topic="note:2")
        await say("here")
        assert (await client.next())["data"] == {"text": "here"}


@pytest.mark.parametrize("topic", ["note:9", "nowhere:1", "note:", "Note:1", "note:1:2", "x" * 300])
async def test_what_one_may_not_follow_does_not_exist(
    topic: str, line: Connect, board: Board
) -> None:
    board.closed.add("9")
    board.closed.add("")
    async with line() as client:
        await client.send(type="follow", topic=topic, ref=1)
        error = await client.next()
        assert (error["type"], error["code"], error["ref"]) == ("error", "not_found", 1)


@pytest.mark.parametrize("after", ["1", -1, 1.5, True, [], 2**60])
async def test_after_is_a_whole_number(after: Any, line: Connect) -> None:
    async with line() as client:
        await client.send(type="follow", topic=NOTE, after=after)
        error = await client.next()
        assert error["code"] == "invalid"
        assert "after" in error["fields"]


async def test_follows_a_limited_number_of_topics(settings: Settings, line: Connect) -> None:
    settings.SOCKET_LIMITS = {"topics": 2}
    async with line() as client:
        await client.follow("note:1")
        await client.follow("note:2")
        await client.send(type="follow", topic="note:3")
        assert (await client.next())["code"] == "invalid"
        await client.follow("note:2")


async def test_frames_that_are_lost_doubled_or_swapped_do_no_harm(
    line: Connect,
) -> None:
    """Every other frame is lost on the way, the rest comes twice and backwards."""
    held: list[tuple[str, Item]] = []

    def hold(group: str, message: dict[str, Any]) -> bool:
        held.extend((group, item) for item in message["items"])
        return False

    async with line() as client:
        await client.follow(NOTE)
        with watched(hold):
            await say(*(str(number) for number in range(20)))
        for group, item in [*held[::-2], *held[::-2]]:
            outbound.current().put(group, item)
        assert await client.hear_seqs(20) == list(range(1, 21))
        assert await client.is_silent()


async def test_the_loss_of_the_last_frame_shows_in_the_heads(
    settings: Settings, line: Connect
) -> None:
    settings.SOCKET_LIMITS = {"heartbeat": 0.3}
    async with line() as client:
        await client.follow(NOTE)
        with watched(lambda *_: False):
            await say("lost")
        assert (await client.receive("said"))["seq"] == 1
        assert (await client.receive("heads"))["heads"] == {NOTE: 1}


async def test_every_heartbeat_sends_the_heads_and_the_rows(
    settings: Settings, line: Connect, board: Board
) -> None:
    settings.SOCKET_LIMITS = {"heartbeat": 0.1}
    board.rows = [{"id": 1, "seq": 4}]
    async with line() as client:
        assert (await client.receive("heads"))["heads"] == {}
        await client.follow("board")
        await client.follow(NOTE)
        assert (await client.receive("row"))["data"] == {"id": 1, "seq": 4}
        assert (await client.receive("heads"))["heads"] == {NOTE: 0}
    assert board.asked_since


async def test_a_summary_topic_carries_rows_without_seq(line: Connect, board: Board) -> None:
    async with line() as client:
        await client.follow("board")
        await in_thread(events.announce, topic="board", type="row", data={"id": 1}, at=NOON)
        frame = await client.next()
        assert frame["data"] == {"id": 1}
        assert "seq" not in frame


async def test_ephemeral_events_pass(line: Connect) -> None:
    async with line() as client:
        await client.follow(NOTE)
        await in_thread(events.announce, topic=NOTE, type="waving", data={"who": "bob"})
        assert (await client.next())["data"] == {"who": "bob"}


async def test_snapshots_come_after_the_replay_and_before_what_is_live(line: Connect) -> None:
    topics.register_snapshot(
        "note", "piece", lambda *_: [{"type": "piece", "data": {"text": "so far"}}]
    )
    await say("a")
    async with line() as client:
        await client.follow(NOTE, after=0)
        await say("b")
        frames = [await client.next() for _ in range(3)]
        assert [frame["data"]["text"] for frame in frames] == ["a", "so far", "b"]
        assert "seq" not in frames[1]


async def test_nothing_is_missed_while_many_write_and_one_joins(line: Connect) -> None:
    """Twenty clients join at different moments of a stream of a hundred events."""

    async def write() -> None:
        for number in range(100):
            await say(str(number))

    async def read(after: int) -> list[int]:
        async with line() as client:
            await client.follow(NOTE, after=after)
            return await client.hear_seqs(100 - after)

    writing = asyncio.create_task(write())
    reading = []
    for _ in range(20):
        head = await in_thread(events.head, NOTE)
        reading.append((head, asyncio.create_task(read(head))))
        await waiting.awhile(0.01)
    await writing
    for after, task in reading:
        assert await task == list(range(after + 1, 101))


async def test_a_slow_reader_gets_a_reset(settings: Settings, line: Connect, key: str) -> None:
    """It reads nothing while more comes than is kept for it; the other one gets everything."""
    settings.SOCKET_LIMITS = {"queue_frames": 50}
    gate = asyncio.Event()

    async def slow_server(scope: Any, receive: Any, send: Any) -> None:
        async def slowly(message: dict[str, Any]) -> None:
            if "said" in message.get("text", ""):
                await gate.wait()
            await send(message)

        await sockets(scope, receive, slowly)

    async with connected(token=key, application=slow_server) as slow, line() as quick:
        await slow.follow(NOTE)
        await quick.follow(NOTE)
        for _ in range(4):
            await say(*(["x"] * 30))
            assert len(await quick.hear_seqs(30)) == 30
        gate.set()
        assert (await slow.receive("reset"))["topic"] == NOTE
        await slow.follow(NOTE, after=119)
        assert await slow.hear_seqs(1) == [120]


async def test_empty_rooms_are_left(settings: Settings, line: Connect) -> None:
    settings.SOCKET_LIMITS = {"linger": 0.1}
    async with line() as client:
        await client.follow(NOTE)
        rooms = hub.current().following.rooms
        await client.send(type="unfollow", topic=NOTE)
        await eventually(lambda: not rooms)
        await client.follow(NOTE)
        await say("a")
        assert await client.hear_seqs(1) == [1]


async def test_a_failing_handler_answers_and_the_socket_lives(line: Connect) -> None:
    topics.register_snapshot("note", "lost", lambda *_: [{"type": "unheard of", "data": {}}])
    async with line() as client:
        await client.send(type="follow", topic=NOTE)
        assert (await client.receive("error"))["code"] == "unavailable"
        await client.send(type="ping")
        assert (await client.receive("pong"))["type"] == "pong"
