"""Run streams: the text so far, whatever happens to Redis meanwhile."""

import asyncio
from uuid import UUID, uuid4

import pytest

from channels_layer.transport import broadcast, outbound, redis_clients, stream, texts
from channels_layer.transport.broadcast import Frames
from channels_layer.transport.stream import Text
from tests.channel_layers import recorded
from tests.servers.redis import RedisServer

PIECES = ["Hello", ", ", "wörld", " 👩‍👩‍👧", "\n\n", "end"]


async def speak(run: UUID, *pieces: str, attempt: int = 1, offset: int = 0) -> None:
    for piece in pieces:
        await stream.append(
            run=run, attempt=attempt, offset=offset, text=piece, topic="note:1", frames=Frames("{}")
        )
        offset += len(piece)


async def read(run: UUID) -> Text | None:
    outbound.current().flush(3)
    return await asyncio.to_thread(stream.read, run)


@pytest.fixture(params=["redis", "alone"])
def place(request: pytest.FixtureRequest) -> None:
    if request.param == "redis":
        request.getfixturevalue("redis_server")


@pytest.mark.redis
async def test_reads_back_what_was_said(place: None) -> None:
    run = uuid4()
    assert await read(run) is None
    await speak(run, *PIECES)
    assert await read(run) == Text(1, "".join(PIECES))


@pytest.mark.redis
async def test_the_newest_attempt_wins(place: None) -> None:
    run = uuid4()
    await speak(run, "first attempt")
    await speak(run, "second", attempt=2)
    await speak(run, " zombie", offset=13)
    assert await read(run) == Text(2, "second")


@pytest.mark.redis
async def test_writing_over_what_was_there(place: None) -> None:
    run = uuid4()
    await speak(run, "abcdef")
    await speak(run, "DE", offset=3)
    await speak(run, "!", offset=5)
    assert await read(run) == Text(1, "abcDE!")


@pytest.mark.redis
async def test_is_forgotten_when_the_run_is_over(place: None) -> None:
    run = uuid4()
    await speak(run, "text")
    stream.finish(run=run)
    assert await read(run) is None


@pytest.mark.redis
async def test_a_worker_that_lost_the_run_leaves_the_next_one_s_text(place: None) -> None:
    run = uuid4()
    await speak(run, "first attempt")
    await speak(run, "second", attempt=2)
    stream.finish(run=run, attempts=1)
    assert await read(run) == Text(2, "second")


@pytest.mark.redis
async def test_a_run_that_waits_can_be_read_and_written_again(place: None) -> None:
    run = uuid4()
    await speak(run, "before")
    stream.let_go(run=run)
    assert await read(run) == Text(1, "before")
    await speak(run, "before", ", after")
    assert await read(run) == Text(1, "before, after")


@pytest.mark.redis
async def test_what_comes_after_the_end_does_not_stay_for_ever(redis_server: RedisServer) -> None:
    """A person ends the run in a web process while the worker's last words are on their way."""
    run = uuid4()
    await speak(run, "text")
    await read(run)
    redis_server.flush()
    await speak(run, " and more", offset=4)
    outbound.current().flush(3)
    with redis_clients.client() as client:
        (key,) = client.keys("*run*")
        assert 0 < client.ttl(key) <= texts.KEPT_SECONDS


@pytest.mark.redis
async def test_is_whole_again_after_a_restart(redis_server: RedisServer) -> None:
    """Redis loses everything and takes no writes for a while; the next flush makes up for it."""
    run = uuid4()
    await speak(run, "before, ")
    assert await read(run) == Text(1, "before, ")
    redis_server.kill()
    await speak(run, "during, ", offset=8)
    assert await asyncio.to_thread(stream.read, run) is None
    redis_server.start()
    await speak(run, "after", offset=16)
    assert await read(run) == Text(1, "before, during, after")


@pytest.mark.redis
async def test_is_whole_again_after_redis_forgot_it(redis_server: RedisServer) -> None:
    run = uuid4()
    await speak(run, "before, ")
    await read(run)
    redis_server.flush()
    await speak(run, "during, ", offset=8)
    await read(run)
    await speak(run, "after", offset=16)
    assert await read(run) == Text(1, "before, during, after")


@pytest.mark.redis
async def test_many_streams_at_once(redis_server: RedisServer) -> None:
    runs = [uuid4() for _ in range(64)]
    text = [f"piece {number} " for number in range(50)]
    await asyncio.gather(*(speak(run, *text) for run in runs))
    for run in runs[::16]:
        assert await read(run) == Text(1, "".join(text))


async def test_frames_go_the_usual_way() -> None:
    with recorded() as record:
        await speak(uuid4(), "x")
        assert record.items == [("topic.note.1", broadcast.pack(Frames("{}"), None))]


def test_cuts_long_texts_into_pieces() -> None:
    text = "é" * 20_000
    pieces = list(stream.pieces(text))
    assert "".join(piece for _, piece in pieces) == text
    assert [offset for offset, _ in pieces] == [0, 8000, 16000]
    assert list(stream.pieces("")) == [(0, "")]
