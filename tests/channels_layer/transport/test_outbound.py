"""The outbound: in order, bundled, over outages of the layer, without ever holding anybody up."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from channels_layer.transport import layer_thread
from channels_layer.transport.outbound import (
    BUNDLE,
    CONTROL,
    RESYNC,
    WAITING,
    Item,
    Outbound,
)
from channels_layer.transport.subscription import Subscription
from tests.channel_layers import recorded, watched
from tests.servers.redis import RedisServer
from tests.servers.waiting import until

pytestmark = pytest.mark.redis

GROUP = "topic.note.1"


class Follower:
    """What a process receives."""

    def __init__(self) -> None:
        self.messages: list[list[Item]] = []
        self.controls: list[Item] = []

    @property
    def items(self) -> list[Any]:
        """The first value of each item."""
        return [item[0] for items in self.messages for item in items]

    def receive(self, group: str, items: list[Item]) -> None:
        """Keep what comes."""
        if group == CONTROL:
            self.controls += items
        else:
            self.messages.append(items)


@contextmanager
def following() -> Iterator[Follower]:
    follower, thread = Follower(), layer_thread.current()
    subscription = Subscription(follower.receive)
    thread.submit(subscription.start(GROUP, CONTROL)).result(5)
    try:
        yield follower
    finally:
        thread.submit(subscription.stop()).result(5)


@pytest.fixture
def follower(redis_server: RedisServer) -> Iterator[Follower]:
    with following() as follower:
        yield follower


@contextmanager
def frozen(server: RedisServer) -> Iterator[None]:
    """Let Redis hang."""
    assert server._process
    server._process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server._process.pid, signal.SIGCONT)


def test_sends_in_order_from_many_threads(follower: Follower) -> None:
    own = Outbound()

    def put(begin: int) -> None:
        for number in range(begin, begin + 200):
            own.put(GROUP, [number])

    begins = (0, 1000, 2000)
    threads = [threading.Thread(target=put, args=(begin,)) for begin in begins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert own.flush(5)
    until(lambda: len(follower.items) == 600)
    for begin in begins:
        numbers = [n for n in follower.items if begin <= n < begin + 200]
        assert numbers == list(range(begin, begin + 200))


def test_what_comes_meanwhile_is_one_message_per_group(follower: Follower) -> None:
    own = Outbound()
    with held():
        own.put(GROUP, ["first"])
        for number in range(BUNDLE - 1):
            own.put("topic.note.2", [number])
            own.put(GROUP, [number])
    assert own.flush(5)
    until(lambda: len(follower.items) == BUNDLE)
    assert len(follower.messages) <= 2


def test_a_message_has_a_limited_number_of_items(follower: Follower) -> None:
    own = Outbound()
    with held():
        for number in range(3 * BUNDLE):
            own.put(GROUP, [number])
    assert own.flush(5)
    until(lambda: len(follower.items) == 3 * BUNDLE)
    assert max(len(items) for items in follower.messages) == BUNDLE


@contextmanager
def held() -> Iterator[None]:
    """Keep the layer's loop busy, so that what is put is gathered."""
    gate = threading.Event()
    layer_thread.current().loop.call_soon_threadsafe(gate.wait, 5)
    try:
        yield
    finally:
        gate.set()


@pytest.mark.slow
def test_tells_every_hub_for_how_long_items_are_missing(
    follower: Follower, redis_server: RedisServer
) -> None:
    own = Outbound()
    own.put(GROUP, ["before"])
    assert own.flush()
    until(lambda: follower.items == ["before"])
    redis_server.kill()
    with recorded() as record:
        begin = time.monotonic()
        own.put(GROUP, ["during"])
        assert time.monotonic() - begin < 0.1
        until(lambda: len(record.of(CONTROL)) > 1)
        assert not own.flush(0)
        redis_server.start()
        assert own.flush(10)
    word, seconds = record.of(CONTROL)[-1]
    assert word == RESYNC
    assert seconds > record.of(CONTROL)[0][1]
    until(lambda: _hears(own, follower, "after"))
    assert [item for item in follower.items if item != "after"] == ["before"]


def _hears(own: Outbound, follower: Follower, word: str) -> bool:
    own.put(GROUP, [word])
    return word in follower.items


def test_every_hub_is_told_what_was_given_up(follower: Follower) -> None:
    own = Outbound()
    own.put(GROUP, [object()])
    assert own.flush(5)
    until(lambda: follower.controls)
    own.put(GROUP, [1])
    assert own.flush()
    until(lambda: follower.items == [1])
    ((word, seconds),) = follower.controls
    assert word == RESYNC
    assert 0 <= seconds < 5


def test_holds_a_limited_amount(follower: Follower) -> None:
    """What comes first is given up first, and every hub is told."""
    own = Outbound()
    with held():
        for number in range(WAITING + 1000):
            own.put(GROUP, [number])
    assert own.flush(10)
    until(lambda: follower.items[-1:] == [WAITING + 999])
    assert follower.items == list(range(1000, WAITING + 1000))
    assert [word for word, _ in follower.controls] == [RESYNC]


@pytest.mark.slow
def test_a_redis_that_hangs_holds_nobody_up(follower: Follower, redis_server: RedisServer) -> None:
    own = Outbound()
    own.put(GROUP, [1])
    assert own.flush()
    with frozen(redis_server):
        begin = time.monotonic()
        own.put(GROUP, [2])
        assert time.monotonic() - begin < 0.1
        until(lambda: own._missing_since)
    assert own.flush(5)
    until(lambda: _hears(own, follower, "after"))


def test_another_layer_s_failures_silence_nobody() -> None:
    failures = [LookupError("Not today.")]

    def fail(*_: object) -> bool:
        if failures:
            raise failures.pop()
        return True

    own = Outbound()
    with watched(fail), following() as follower:
        own.put(GROUP, [1])
        assert own.flush(5)
        own.put(GROUP, [2])
        assert own.flush(5)
        until(lambda: follower.items == [2])
        assert [word for word, _ in follower.controls] == [RESYNC]
