"""Connections to Redis that fail at once and say so, instead of retrying behind our back."""

from django.conf import settings
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

PREFIX = "parley"
CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 1.0

FAILURES = (RedisError, OSError)


def url() -> str:
    """Return the address of Redis; empty where a process lives alone, as in tests."""
    return str(getattr(settings, "REDIS_URL", "") or "")


def client() -> Redis:
    """Make a client for plain code."""
    return Redis.from_url(
        url(),
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def async_client() -> AsyncRedis:
    """Make a client for a subscription on the running loop: it may be silent for long."""
    return AsyncRedis.from_url(
        url(),
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=None,
        retry=AsyncRetry(NoBackoff(), 0),
    )


def name(*parts: object) -> str:
    """Name a key or channel of ours."""
    return ":".join([PREFIX, *map(str, parts)])
