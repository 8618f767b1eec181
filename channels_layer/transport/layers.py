"""The channel layer of deployments: that of channels-redis, which reports lost connections."""

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from channels_redis.pubsub import RedisPubSubChannelLayer
from channels_redis.utils import decode_hosts
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

ANSWER_SECONDS = 1.0
HEALTH_SECONDS = 5
"""Seconds without traffic after which a connection is used, so that a broken one is noticed."""
RETRIES = Retry(ExponentialBackoff(cap=0.4, base=0.05), 3)


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
        super().__init__(hosts=[options | host for host in decode_hosts(hosts)], **config)

    async def renew(self) -> None:
        """Close all connections of this loop, of which one may hang; all channels are over."""
        await self.flush()

    async def _connected(self, connection: AbstractConnection) -> None:
        await connection.on_connect()
        if connection in self._known:
            for report in list(self.reconnected):
                report()
        self._known.add(connection)
