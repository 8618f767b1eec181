"""A subscription notices what it may have missed, whatever the layer says of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from channels.layers import channel_layers, get_channel_layer
from redis import Redis

from channels_layer.transport import layer_thread, outbound, subscription
from channels_layer.transport.outbound import Item
from channels_layer.transport.subscription import Subscription
from tests.servers.redis import RedisServer
from tests.servers.waiting import stays, until

GROUP = "topic.note.1"


class Unreliable:
    """A layer that loses pulses, or fails, as long as the test says so."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer
        self.is_deaf = False
        self.is_failing = False
        self.renewals = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.layer, name)

    async def new_channel(self) -> str:
        """Fail, or return a channel."""
        if self.is_failing:
            raise LookupError("No channel today.")
        return str(await self.layer.new_channel())

    async def renew(self) -> None:
        """Make the connections anew."""
        self.is_deaf = False
        self.renewals += 1

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        """Lose a pulse, or send it."""
        if not self.is_deaf:
            await self.layer.send(channel, message)


class Process:
    """What a process receives, and for how long it may have missed something."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.missed: list[float] = []
        self.subscription = Subscription(self._receive, self.missed.append)
        layer_thread.current().submit(self.subscription.start(GROUP)).result(5)

    def is_whole(self) -> bool:
        """Return whether nothing can be missed."""
        return self.subscription.lost_at is None

    def hears(self, word: str) -> bool:
        """Say a word and return whether it was received."""
        outbound.current().put(GROUP, [word])
        return [word] in self.items

    def stop(self) -> None:
        """Receive no more."""
        layer_thread.current().submit(self.subscription.stop()).result(5)

    def _receive(self, group: str, items: list[Item]) -> None:
        assert group == GROUP
        self.items += items


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pulse beat faster than in production."""
    monkeypatch.setattr(subscription, "PULSE", 0.02)
    monkeypatch.setattr(subscription, "PULSE_WHEN_LOST", 0.02)
    monkeypatch.setattr(subscription, "LATE", 0.3)


@pytest.fixture
def layer() -> Iterator[Unreliable]:
    """Yield the process's layer, which may fail."""
    own = get_channel_layer()
    layer = Unreliable(own)
    channel_layers.set("default", layer)
    yield layer
    assert outbound.current().flush(5)
    channel_layers.set("default", own)


@contextmanager
def running() -> Iterator[Process]:
    process = Process()
    try:
        until(process.is_whole)
        process.missed.clear()
        yield process
    finally:
        process.stop()


def test_a_pulse_that_is_missing_is_noticed(layer: Unreliable) -> None:
    with running() as process:
        layer.is_deaf = True
        sent = process.subscription._sent
        until(lambda: process.subscription._sent > sent + 1)
        assert process.missed == []
        layer.is_deaf = False
        until(lambda: process.missed)
        assert process.is_whole()
        stays(lambda: len(process.missed) == 1, during=0.1)


def test_is_lost_while_no_pulse_comes(layer: Unreliable) -> None:
    with running() as process:
        layer.is_deaf = True
        until(lambda: not process.is_whole())
        assert process.missed == []
        layer.is_deaf = False
        until(process.is_whole)
        assert process.missed[0] >= subscription.LATE


@pytest.mark.slow
def test_begins_as_soon_as_the_layer_does(layer: Unreliable) -> None:
    layer.is_failing = True
    process = Process()
    assert not process.is_whole()
    layer.is_failing = False
    until(process.is_whole)
    until(lambda: process.hears("hello"))
    process.stop()


def test_joins_again_what_the_layer_forgot(
    layer: Unreliable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Layers let memberships expire after a day."""
    with running() as process:
        until(lambda: process.hears("before"))
        layer_thread.current().submit(forget(layer.layer)).result(5)
        outbound.current().put(GROUP, ["forgotten"])
        stays(lambda: ["forgotten"] not in process.items, during=0.1)
        monkeypatch.setattr(subscription, "JOIN_AGAIN", 0.01)
        until(lambda: process.hears("after"))
        assert ["forgotten"] not in process.items


async def forget(layer: Any) -> None:
    """Let memberships expire."""
    layer.groups.clear()


@pytest.mark.slow
def test_a_connection_that_says_nothing_is_made_anew(
    layer: Unreliable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not closed, and nothing comes: only a new one helps."""
    monkeypatch.setattr(subscription, "SILENT", 0.4)
    with running() as process:
        layer.is_deaf = True
        until(lambda: layer.renewals)
        until(process.is_whole)
        until(lambda: process.hears("after"))


@pytest.mark.redis
@pytest.mark.slow
def test_all_goes_on_over_new_connections(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the layer of deployments is renewed its channels are over."""
    monkeypatch.setattr(subscription, "SILENT", 0.4)
    with running() as process:
        layer: Any = get_channel_layer()
        layer_thread.current().submit(layer.renew()).result(5)
        until(lambda: process.missed)
        until(lambda: process.hears("after"))


@pytest.mark.slow
def test_says_once_that_a_layer_does_not_work(
    layer: Unreliable, caplog: pytest.LogCaptureFixture
) -> None:
    layer.is_failing = True
    process = Process()
    assert caplog.text.count("may be missing: LookupError('No channel today.')") == 1
    layer.is_failing = False
    until(process.is_whole)
    process.stop()


@pytest.mark.redis
def test_a_connection_that_was_cut_is_noticed(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No pulse need be missing: the library subscribes again within milliseconds."""
    with running() as process, Redis.from_url(redis_server.url) as client:
        # No pulse is due: nothing but the layer can say it.
        monkeypatch.setattr(subscription, "PULSE", 3600)
        monkeypatch.setattr(subscription, "LATE", 3600)
        sent = process.subscription._sent
        until(lambda: process.subscription._sent > sent)
        stays(lambda: process.subscription._sent == sent + 1, during=0.1)
        client.client_kill_filter(_type="pubsub")
        until(lambda: process.missed)
        until(lambda: process.hears("after"))


@pytest.mark.redis
def test_one_s_end_leaves_the_others(redis_server: RedisServer) -> None:
    with running() as one, running() as other:
        until(lambda: one.hears("both") and other.hears("both"))
        one.stop()
        until(lambda: other.hears("one"))
        assert ["one"] not in one.items
