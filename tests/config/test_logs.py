"""What is left out of the logs."""

import logging

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from config.logs import NoOutages


@pytest.mark.parametrize(
    ("name", "error", "is_logged"),
    [
        ("channels_redis.pubsub", RedisConnectionError("away"), False),
        ("channels_redis.pubsub", TimeoutError("hangs"), False),
        ("channels_redis.pubsub", LookupError("a fault"), True),
        ("channels_redis.pubsub", None, True),
        ("chats.live", RedisConnectionError("away"), True),
    ],
)
def test_the_layer_s_tries_to_connect_are_not_logged(
    name: str, error: Exception | None, *, is_logged: bool
) -> None:
    exc_info = (type(error), error, None) if error else None
    record = logging.LogRecord(name, logging.ERROR, "", 0, "Unexpected", None, exc_info)
    assert NoOutages().filter(record) is is_logged
