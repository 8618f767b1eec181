"""The channel layers that the sockets are tested on: Channels' own in memory, and on Redis."""

import pytest

ON_REDIS = pytest.param("redis_server", marks=[pytest.mark.redis, pytest.mark.slow])


@pytest.fixture(params=[pytest.param("", id="memory"), ON_REDIS])
def layer(request: pytest.FixtureRequest) -> None:
    """Let sockets receive by way of this layer."""
    if request.param:
        request.getfixturevalue(request.param)
