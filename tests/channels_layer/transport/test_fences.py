"""Fences: live workers are notified at once, and again after failures."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from channels_layer.transport import fences, outbound
from tests.servers.redis import RedisServer
from tests.servers.waiting import until

Announced = list[tuple[str, str]]


@pytest.fixture
def announced(redis_server: RedisServer) -> Iterator[Announced]:
    announced: Announced = []
    stop = fences.listen(lambda kind, id_: announced.append((kind, id_)))
    yield announced
    stop()


def announce(kind: str, id_: str) -> bool:
    with transaction.atomic():
        fences.announce(kind, id_)
    return True


@pytest.mark.redis
@pytest.mark.usefixtures("transactional_db")
def test_is_announced_after_the_commit(announced: Announced) -> None:
    with transaction.atomic():
        fences.announce("conversation", 5)
        assert announced == []
    until(lambda: announce("run", "6") and ("run", "6") in announced)


@pytest.mark.redis
@pytest.mark.usefixtures("transactional_db")
def test_survives_a_restart_of_redis(announced: Announced, redis_server: RedisServer) -> None:
    until(lambda: announce("run", "1") and announced)
    redis_server.kill()
    announce("run", "lost or late")
    redis_server.start()
    until(lambda: announce("run", "2") and ("run", "2") in announced, within=10)


@pytest.mark.redis
@pytest.mark.usefixtures("transactional_db")
def test_a_listener_that_fails_is_called_again(redis_server: RedisServer) -> None:
    announced: Announced = []

    def fail(kind: str, id_: str) -> None:
        announced.append((kind, id_))
        raise LookupError

    stop = fences.listen(fail)
    until(lambda: announce("run", "1") and len(announced) > 2)
    stop()


@pytest.mark.usefixtures("transactional_db")
def test_without_redis_it_is_announced_here() -> None:
    announced: Announced = []
    stop = fences.listen(lambda kind, id_: announced.append((kind, id_)))
    announce("run", "1")
    until(lambda: announced)
    stop()
    announce("run", "2")
    assert outbound.current().flush()
    assert announced == [("run", "1")]
