"""Health: /health/live and /health/ready."""

import pytest
from django.test import AsyncClient, Client

from config import health
from tests.servers.redis import RedisServer


def test_live_asks_nobody(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}


@pytest.mark.django_db(transaction=True)
async def test_ready_names_every_dependency(
    async_client: AsyncClient, redis_server: RedisServer
) -> None:
    health.say_present(health.QUEUES, "live@here")
    response = await async_client.get("/health/ready")
    names = ("database", "migrations", "redis", "workers")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "dependencies": dict.fromkeys(names, "ok")}


@pytest.mark.django_db(transaction=True)
async def test_ready_names_the_queue_without_a_worker(
    async_client: AsyncClient, redis_server: RedisServer
) -> None:
    health.say_present(["live", "io"], "live@here")
    response = await async_client.get("/health/ready")
    assert response.status_code == 503
    assert "slow" in response.json()["dependencies"]["workers"]


@pytest.mark.django_db(transaction=True)
async def test_ready_says_that_redis_is_away(
    async_client: AsyncClient, redis_server: RedisServer
) -> None:
    redis_server.kill()
    try:
        response = await async_client.get("/health/ready")
    finally:
        redis_server.start()
    assert response.status_code == 503
    assert "does not answer" in response.json()["dependencies"]["redis"]
    assert response.json()["dependencies"]["database"] == "ok"
