"""The writer: in order, over outages of Redis, without ever holding anybody up."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import redis
from redis.client import Pipeline

from channels_layer.transport import redis_clients
from channels_layer.transport.writer import STALE_SECONDS, WAITING, Publish, Writer, resync
from tests.servers.redis import RedisServer
from tests.servers.waiting import until

pytestmark = pytest.mark.redis


@dataclass(frozen=True)
class Push:
    """An item that stays in Redis, so that a test can read it later."""

    text: str

    def write(self, pipe: Pipeline, losses: int) -> int:
        pipe.rpush("written", self.text)
        return 1

    def learn(self, results: list[Any]) -> None:
        assert isinstance(results[0], int)


@pytest.fixture
def writer(redis_server: RedisServer) -> Writer:
    return Writer(connect=redis_clients.client, after_loss=lambda: Push("resync"))


def written(server: RedisServer) -> list[str]:
    with redis.Redis.from_url(server.url) as client:
        return [text.decode() for text in client.lrange("written", 0, -1)]


@contextmanager
def frozen(server: RedisServer) -> Iterator[None]:
    """Let Redis hang."""
    assert server._process
    server._process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server._process.pid, signal.SIGCONT)


def test_writes_in_order_from_many_threads(writer: Writer, redis_server: RedisServer) -> None:
    def put(begin: int) -> None:
        for number in range(begin, begin + 200):
            writer.put(Push(str(number)))

    begins = (0, 1000, 2000)
    threads = [threading.Thread(target=put, args=(begin,)) for begin in begins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert writer.flush(5)
    numbers = [int(text) for text in written(redis_server)]
    assert len(numbers) == 600
    for begin in begins:
        assert [n for n in numbers if begin <= n < begin + 200] == list(range(begin, begin + 200))


def test_goes_on_after_a_restart(writer: Writer, redis_server: RedisServer) -> None:
    writer.put(Push("1"))
    assert writer.flush()
    redis_server.kill()
    begin = time.monotonic()
    for number in range(2, 100):
        writer.put(Push(str(number)))
    assert time.monotonic() - begin < 0.1
    assert not writer.flush(0.2)
    redis_server.start()
    assert writer.flush(5)
    assert written(redis_server) == [str(number) for number in range(2, 100)]
    assert writer.losses > 0


def test_gives_up_what_is_stale_and_says_so(writer: Writer, redis_server: RedisServer) -> None:
    now = [0.0]
    writer.clock = lambda: now[0]
    redis_server.kill()
    writer.put(Push("1"))
    until(lambda: writer.losses > 0)
    now[0] = STALE_SECONDS + 1
    writer.put(Push("2"))
    redis_server.start()
    assert writer.flush(5)
    assert written(redis_server) == ["2", "resync"]


def test_holds_a_limited_amount(writer: Writer, redis_server: RedisServer) -> None:
    redis_server.kill()
    for number in range(WAITING + 1000):
        writer.put(Push(str(number)))
    assert len(writer._waiting) <= WAITING + 256
    redis_server.start()
    assert writer.flush(10)
    assert "resync" in written(redis_server)
    assert written(redis_server)[-1] == str(WAITING + 999)


class Bad(Push):
    """An item that cannot be written."""

    def write(self, pipe: Pipeline, losses: int) -> int:
        raise LookupError


def test_a_bad_item_silences_nobody(writer: Writer, redis_server: RedisServer) -> None:
    writer.put(Bad(""))
    assert writer.flush()
    writer.put(Push("1"))
    assert writer.flush()
    assert written(redis_server) == ["1", "resync"]


def test_a_redis_that_hangs_holds_nobody_up(writer: Writer, redis_server: RedisServer) -> None:
    writer.put(Push("1"))
    assert writer.flush()
    with frozen(redis_server):
        begin = time.monotonic()
        writer.put(Push("2"))
        assert time.monotonic() - begin < 0.1
        until(lambda: writer.losses > 0)
    assert writer.flush(5)
    assert written(redis_server)[-1] == "2"


def test_resync_is_said_on_the_control_channel() -> None:
    assert resync() == Publish("parley:control", b"resync")
