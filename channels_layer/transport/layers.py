"""The channel layer of deployments: that of channels-redis, which reports lost connections."""

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakSet

from channels.layers import get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer
from channels_redis.utils import decode_hosts
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

ANSWER_SECONDS = 1.0
HEALTH_SECONDS = 5
"""Seconds without traffic after which a connection is used, so that a broken one is noticed."""
RETRIES = Retry(ExponentialBackoff(cap=0.4, base=0.05), 3)

Message = tuple[str, dict[str, Any]]
"""A group and what it is sent."""
Published = tuple[str, bytes]
"""A message as Redis gets it: its channel there, and its bytes."""


class RedisLayer(RedisPubSubChannelLayer):
    """``RedisPubSubChannelLayer``, which calls all of ``reconnected`` when a connection came back.

    The library subscribes again by itself and tells nobody; what was published meanwhile is lost.
    ``hosts`` are as the library's: addresses, or dictionaries of options for redis-py.
    """

    def __init__(self, hosts: list[Any], **config: Any) -> None:
        """Connect to ``hosts`` when first used."""
        self.reconnected: set[Callable[[], None]] = set()
        self._known: WeakSet[AbstractConnection] = WeakSet()
        options = {
            "socket_connect_timeout": ANSWER_SECONDS,
            "socket_timeout": ANSWER_SECONDS,
            "health_check_interval": HEALTH_SECONDS,
            "retry": RETRIES,
            "redis_connect_func": self._connected,
        }
        decoded = decode_hosts(hosts)
        self._addresses = [host.get("address") for host in decoded]
        super().__init__(hosts=[options | host for host in decoded], **config)

    def is_at(self, url: str) -> bool:
        """Return whether the Redis at ``url`` is all that this layer uses."""
        return self._addresses == [url]

    def published(self, messages: Sequence[Message]) -> list[Published]:
        """Return the messages as Redis gets them."""
        layer = self._get_layer()
        return [
            (layer._get_group_channel_name(group), self.serialize(message))  # noqa: SLF001
            for group, message in messages
        ]

    async def group_send_all(self, messages: Sequence[Message]) -> None:
        """Send each group its message: one round trip for all, where the library has one each."""
        layer = self._get_layer()
        of_shards: dict[Any, list[Published]] = {}
        for channel, data in self.published(messages):
            of_shards.setdefault(layer._get_shard(channel), []).append((channel, data))  # noqa: SLF001
        for shard, published in of_shards.items():
            async with shard._lock:  # noqa: SLF001
                shard._ensure_redis()  # noqa: SLF001
                pipe = shard._redis.pipeline(transaction=False)  # noqa: SLF001
                for channel, data in published:
                    pipe.publish(channel, data)
                await pipe.execute()

    async def renew(self) -> None:
        """Close all connections of this loop, of which one may hang; all channels are over."""
        await self.flush()

    async def _connected(self, connection: AbstractConnection) -> None:
        await connection.on_connect()
        if connection in self._known:
            for report in list(self.reconnected):
                report()
        self._known.add(connection)


async def send(messages: Sequence[Message]) -> None:
    """Send each group its message, in this order."""
    layer: Any = get_channel_layer()
    if isinstance(layer, RedisLayer):
        await layer.group_send_all(messages)
        return
    for group, message in messages:
        await layer.group_send(group, message)
