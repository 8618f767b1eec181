"""Sockets that follow while Redis is killed and comes back: nothing is missed."""

import asyncio

import pytest
from pytest_django import Settings

from channels_layer.log import events
from channels_layer.sockets import hub
from channels_layer.transport import subscription
from tests.channels_layer.board import NOTE, Board, in_thread, say
from tests.channels_layer.conftest import Connect
from tests.servers import waiting
from tests.servers.redis import RedisServer
from tests.servers.waiting import eventually

pytestmark = [
    pytest.mark.redis,
    pytest.mark.socket,
    pytest.mark.usefixtures("transactional_db", "board", "redis_server"),
]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Let an outage be noticed sooner than in production, and not by the heartbeat."""
    monkeypatch.setattr(subscription, "PULSE", 0.1)
    settings.SOCKET_LIMITS = {"heartbeat": 3600.0}


def is_lost() -> bool:
    return hub.current().subscription.lost_at is not None


async def test_goes_live_by_way_of_redis(line: Connect) -> None:
    async with line() as client:
        await client.follow(NOTE)
        await say("a", "b")
        assert await client.hear_seqs(2) == [1, 2]
        await in_thread(events.announce, topic=NOTE, type="waving", data={"who": "bob"})
        assert (await client.next())["type"] == "waving"


@pytest.mark.slow
async def test_nothing_is_missed_over_a_restart(line: Connect, redis_server: RedisServer) -> None:
    async with line() as one, line() as two:
        await one.follow(NOTE)
        await two.follow(NOTE)
        await say("before")
        redis_server.kill()
        await eventually(is_lost)
        await say("during", "during, too")
        redis_server.start()
        await say("after")
        assert await one.hear_seqs(4) == [1, 2, 3, 4]
        assert await two.hear_seqs(4) == [1, 2, 3, 4]
        await eventually(lambda: not is_lost())
        await say("live again")
        assert await one.hear_seqs(1) == [5]


async def test_an_outage_too_short_to_notice_is_noticed(
    line: Connect, redis_server: RedisServer
) -> None:
    """What is published between the restart and the resubscription reaches nobody by Redis."""
    async with line() as client:
        await client.follow(NOTE)
        redis_server.kill()
        await say("during")
        redis_server.start()
        assert await client.hear_seqs(1) == [1]


@pytest.mark.slow
async def test_without_redis_the_log_is_looked_at(
    settings: Settings, line: Connect, redis_server: RedisServer, board: Board
) -> None:
    settings.SOCKET_LIMITS = {"poll_while_lost": 0.2, "heartbeat": 3600.0}
    board.rows = [{"id": 1, "seq": 1}]
    async with line() as client:
        await client.follow(NOTE)
        redis_server.kill()
        await eventually(is_lost)
        await say("during")
        assert await client.hear_seqs(1) == [1]
        await client.follow("board")
        assert (await client.receive("row"))["data"] == {"id": 1, "seq": 1}
        redis_server.start()


@pytest.mark.drill
async def test_sockets_open_while_redis_is_away(
    settings: Settings, line: Connect, redis_server: RedisServer
) -> None:
    settings.SOCKET_LIMITS = {"poll_while_lost": 0.2, "heartbeat": 3600.0}
    redis_server.kill()
    await say("early")
    async with line() as client:
        await client.follow(NOTE, after=0)
        await say("later")
        assert await client.hear_seqs(2) == [1, 2]
        redis_server.start()
        await eventually(lambda: not is_lost())
        await say("live")
        assert await client.hear_seqs(1) == [3]


@pytest.mark.slow
async def test_rows_that_changed_meanwhile_are_sent_again(
    line: Connect, redis_server: RedisServer, board: Board
) -> None:
    async with line() as client:
        await client.follow("board")
        redis_server.kill()
        await eventually(is_lost)
        board.rows = [{"id": 1, "seq": 2}]
        redis_server.start()
        assert (await client.receive("row"))["data"] == {"id": 1, "seq": 2}


@pytest.mark.drill
async def test_ten_restarts_under_load(line: Connect, redis_server: RedisServer) -> None:
    """Events are written all the time; Redis dies ten times; five clients get every one once."""
    total = 400
    done = asyncio.Event()

    async def write() -> None:
        for number in range(total):
            await say(str(number))
            await waiting.awhile(0.01)
        done.set()

    async def kill() -> None:
        for _ in range(10):
            await waiting.awhile(0.2)
            await asyncio.to_thread(redis_server.kill)
            await waiting.awhile(0.1)
            await asyncio.to_thread(redis_server.start)

    async def read() -> list[int]:
        async with line() as client:
            await client.follow(NOTE, after=0)
            return await client.hear_seqs(total)

    reading = [asyncio.create_task(read()) for _ in range(5)]
    await asyncio.gather(write(), kill())
    for task in reading:
        assert await task == list(range(1, total + 1))
