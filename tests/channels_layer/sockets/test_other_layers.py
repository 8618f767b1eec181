"""Any channel layer carries the frames: those of channels-redis as they come."""

from collections.abc import Iterator
from typing import Any

import pytest
from channels.layers import channel_layers, get_channel_layer
from channels_redis.core import RedisChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

from channels_layer.log import events
from channels_layer.transport import layer_thread, outbound, subscription
from tests.channels_layer.board import NOTE, in_thread, say
from tests.channels_layer.conftest import Connect
from tests.servers.redis import RedisServer
from tests.servers.waiting import eventually

pytestmark = [
    pytest.mark.redis,
    pytest.mark.socket,
    pytest.mark.slow,
    pytest.mark.usefixtures("transactional_db", "board"),
]


class Counting:
    """Counts the channels that a layer is asked for."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer
        self.channels = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.layer, name)

    async def new_channel(self) -> str:
        """Return a channel of the layer."""
        self.channels += 1
        return str(await self.layer.new_channel())


@pytest.fixture(params=[RedisPubSubChannelLayer, RedisChannelLayer])
def other(request: pytest.FixtureRequest, redis_process: RedisServer) -> Iterator[Counting]:
    redis_process.flush()
    own, layer = get_channel_layer(), request.param(hosts=[redis_process.url])
    counting = Counting(layer)
    channel_layers.set("default", counting)
    yield counting
    assert outbound.current().flush(5)
    channel_layers.set("default", own)
    layer_thread.current().submit(layer.flush()).result(10)


async def test_frames_arrive_in_order(line: Connect, other: Counting) -> None:
    async with line() as one, line() as two:
        await one.follow(NOTE)
        await two.follow(NOTE, after=0)
        await say(*(str(number) for number in range(50)))
        assert await one.hear_seqs(50) == list(range(1, 51))
        assert await two.hear_seqs(50) == list(range(1, 51))
        await in_thread(events.announce, topic=NOTE, type="waving", data={"who": "bob"})
        assert (await one.receive("waving"))["data"] == {"who": "bob"}
    assert other.channels == 1, "The hub has one for all sockets."


async def test_nothing_is_missed_over_a_restart(
    line: Connect,
    other: Counting,
    redis_process: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subscription, "PULSE", 0.1)
    async with line() as client:
        await client.follow(NOTE)
        await say("before")
        redis_process.kill()
        await say("during")
        redis_process.start()
        await say("after")
        assert await client.hear_seqs(3) == [1, 2, 3]
        await eventually(lambda: outbound.current().flush(0.01))
        await say("live again")
        assert await client.hear_seqs(1) == [4]
