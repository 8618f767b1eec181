"""Connections to Redis that raise at once instead of retrying by themselves."""

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
    """Return a client for synchronous code."""
    return Redis.from_url(
        url(),
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def async_client() -> AsyncRedis:
    """Return a client for the running loop."""
    return AsyncRedis.from_url(
        url(),
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=AsyncRetry(NoBackoff(), 0),
    )


def name(*parts: object) -> str:
    """Return the full name of a key."""
    return ":".join([PREFIX, *map(str, parts)])
