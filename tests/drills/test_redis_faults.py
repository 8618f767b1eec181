"""Redis that dies, forgets, cuts or refuses: nothing is refused or lost, and answers come."""

import asyncio
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from statistics import quantiles

import httpx
import pytest
from redis import Redis
from websockets.exceptions import ConnectionClosed

from tests.drills.shop import Shop
from tests.journeys import client as contract
from tests.servers import ports
from tests.servers.parley import AppProcesses
from tests.servers.redis import RedisServer, running_redis

pytestmark = [pytest.mark.drill, pytest.mark.timeout(3600)]

IS_FULL = os.environ.get("DRILL_ROUNDS") == "full"
STREAMING = "Hello [demo:rate=20,words=40]"
SHORT = "Hello [demo:rate=0]"
RECOVERY = 30.0
"""Seconds after the disturbance within which everything is answered."""
SLOWEST = 1.5
"""Seconds that a request may take while Redis is away, but for one in a hundred."""
CAUGHT_UP = 3.0
"""Seconds after the disturbance within which a live view shows what was said meanwhile."""

Disturb = Callable[[RedisServer], AbstractContextManager[None]]


@contextmanager
def away(seconds: float, server: RedisServer) -> Iterator[None]:
    """It is killed, and comes back empty ``seconds`` after that."""
    server.kill()
    back = time.monotonic() + seconds
    try:
        yield
        time.sleep(max(back - time.monotonic(), 0))
    finally:
        server.start()


@contextmanager
def forgetful(server: RedisServer) -> Iterator[None]:
    """It forgets all it holds: jobs, streams, who is present."""
    yield
    server.flush()


@contextmanager
def rude(server: RedisServer) -> Iterator[None]:
    """It cuts all connections, those that listen, too."""
    with Redis.from_url(server.url) as client:
        for type_ in ("normal", "pubsub"):
            client.client_kill_filter(_type=type_, skipme=True)
        yield


@contextmanager
def full(server: RedisServer) -> Iterator[None]:
    """It has no memory left and takes no more writes, for some seconds."""
    with Redis.from_url(server.url) as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1mb")
        yield
        time.sleep(2)
        client.config_set("maxmemory", "0")


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    """Start a Redis that only the drill restarts."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="module")
def instance(redis: RedisServer) -> Iterator[AppProcesses]:
    """Yield an instance on that Redis; the auditor finds nothing afterwards."""
    instance = AppProcesses(REDIS_URL=redis.url)
    instance.start()
    yield instance
    instance.stop()
    shutil.rmtree(instance.data_dir, ignore_errors=True)


@pytest.fixture(scope="module")
def disturbed(instance: AppProcesses) -> Iterator[Shop]:
    """Yield the shop's system on the instance."""
    shop = Shop(instance, instance.demo())
    yield shop
    shop.close()
    instance.wait_until_ready()
    instance.assert_sound(shop.acknowledged)


@pytest.fixture(scope="module")
def cookies(instance: AppProcesses) -> Iterator[str]:
    """Alice's session."""
    with contract.session(instance.url, "alice") as client:
        yield contract.cookies_of(client)


@pytest.mark.parametrize(
    ("disturb", "rounds"),
    [
        pytest.param(partial(away, 0.3), 20 if IS_FULL else 1, id="away for 0.3 s"),
        pytest.param(partial(away, 5), 10 if IS_FULL else 1, id="away for 5 s"),
        pytest.param(partial(away, 30), 3 if IS_FULL else 1, id="away for 30 s"),
        pytest.param(forgetful, 10 if IS_FULL else 1, id="forgetful"),
        pytest.param(rude, 50 if IS_FULL else 1, id="rude"),
        pytest.param(full, 3 if IS_FULL else 1, id="full"),
    ],
)
def test_nothing_is_refused_or_lost(
    disturbed: Shop, redis: RedisServer, cookies: str, disturb: Disturb, rounds: int
) -> None:
    took: list[float] = []
    for _ in range(rounds):
        disturbed.app.wait_until_ready()
        before = disturbed.ask(STREAMING)
        disturbed.wait_for(before, "run.started")
        view = View(disturbed, cookies, before)
        with disturb(redis):
            meanwhile = [timed(disturbed, took) for _ in range(3)]
            disturbed.say(before, SHORT, secrets.token_hex(8))
            head = len(disturbed.events(before))
        view.wait_for(head, within=CAUGHT_UP)
        restored = time.monotonic()
        for conversation in meanwhile:
            within = restored + RECOVERY - time.monotonic()
            disturbed.wait_for(conversation, "end", within=max(within, 0.5))
            disturbed.assert_answered_once(conversation)
        ports.wait_for("two ends", partial(ended_twice, disturbed, before), within=RECOVERY)
        log = disturbed.events(before)
        view.wait_for(len(log), within=RECOVERY)
        view.close()
        contract.assert_alike(view.reader.events[: len(log)], log)
    assert quantiles(took, n=100, method="inclusive")[98] < SLOWEST, took


class View:
    """A client that follows a conversation live until the drill closes it."""

    def __init__(self, shop: Shop, cookies: str, conversation: str) -> None:
        self.reader = contract.TopicReader(
            url=shop.app.websocket_url, cookies=cookies, topic=f"conversation:{conversation}"
        )
        self._is_closed = False
        threading.Thread(target=self._look, daemon=True).start()

    def wait_for(self, head: int, *, within: float) -> None:
        """Wait until it shows the conversation's events up to ``head``."""
        until = time.monotonic() + within
        while self.reader.head < head:
            shown = f"{self.reader.head} of {head} after {within} s"
            assert time.monotonic() < until, shown
            time.sleep(0.02)

    def close(self) -> None:
        """Stop following, from the next frame on."""
        self._is_closed = True

    def _look(self) -> None:
        try:
            asyncio.run(self.reader.follow(until=lambda _: self._is_closed, within=600))
        except ConnectionClosed:
            # The instance may stop before the next frame comes.
            if not self._is_closed:
                raise


def ended_twice(shop: Shop, conversation: str) -> bool:
    """Return whether both questions are answered, the one before and the one meanwhile."""
    return [end["reason"] for end in shop.of(conversation, "end")] == ["stop", "stop"]


def timed(shop: Shop, took: list[float]) -> str:
    """Ask; note how long the shop waited for the acknowledgement."""
    conversation = shop.begin()
    began = time.monotonic()
    assert shop.say(conversation, SHORT, secrets.token_hex(8)) == httpx.codes.CREATED
    took.append(time.monotonic() - began)
    return conversation
