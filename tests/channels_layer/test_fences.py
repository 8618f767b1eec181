"""Fences: live workers hear at once, and go on hearing."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from channels_layer.transport import fences
from tests.servers.redis import RedisServer
from tests.servers.waiting import until

Heard = list[tuple[str, str]]


@pytest.fixture
def heard(redis_server: RedisServer) -> Iterator[Heard]:
    heard: Heard = []
    stop = fences.listen(lambda kind, id_: heard.append((kind, id_)))
    yield heard
    stop()


def announce(kind: str, id_: str) -> bool:
    with transaction.atomic():
        fences.announce(kind, id_)
    return True


@pytest.mark.redis
@pytest.mark.usefixtures("transactional_db")
def test_is_heard_after_the_commit(heard: Heard) -> None:
    with transaction.atomic():
        fences.announce("conversation", 5)
        assert heard == []
    until(lambda: announce("run", "6") and ("run", "6") in heard)


@pytest.mark.redis
@pytest.mark.usefixtures("transactional_db")
def test_survives_a_restart_of_redis(heard: Heard, redis_server: RedisServer) -> None:
    until(lambda: announce("run", "1") and heard)
    redis_server.kill()
    announce("run", "lost or late")
    redis_server.start()
    until(lambda: announce("run", "2") and ("run", "2") in heard, within=10)


@pytest.mark.redis
@pytest.mark.usefixtures("transactional_db")
def test_a_listener_that_fails_hears_on(redis_server: RedisServer) -> None:
    heard: Heard = []

    def fail(kind: str, id_: str) -> None:
        heard.append((kind, id_))
        raise LookupError

    stop = fences.listen(fail)
    until(lambda: announce("run", "1") and len(heard) > 2)
    stop()


@pytest.mark.usefixtures("transactional_db")
def test_without_redis_it_is_heard_here() -> None:
    heard: Heard = []
    stop = fences.listen(lambda kind, id_: heard.append((kind, id_)))
    announce("run", "1")
    stop()
    announce("run", "2")
    assert heard == [("run", "1")]
