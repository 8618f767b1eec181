"""Hints that are lost, doubled and late, the last one too: every client has the whole log."""

import asyncio
import os
import secrets
import shutil
from collections.abc import Iterator

import httpx
import pytest

from tests.drills.shop import Shop
from tests.journeys import client as contract
from tests.servers.hostile_redis import HostileRedis
from tests.servers.parley import AppProcesses
from tests.servers.redis import running_redis

pytestmark = [pytest.mark.drill, pytest.mark.timeout(3600)]

EVENTS = 5000 if os.environ.get("DRILL_ROUNDS") == "full" else 200
CONVERSATIONS = 4
VIEWERS = 2
HEARTBEAT = 15.0
MARGIN = 5.0


@pytest.fixture(scope="module")
def hostile() -> Iterator[HostileRedis]:
    """Yield a way to Redis on which three in ten hints are lost, three doubled, three late."""
    with running_redis() as server, HostileRedis(server.socket, seed=8).serving() as hostile:
        yield hostile


@pytest.fixture(scope="module")
def instance(hostile: HostileRedis) -> Iterator[AppProcesses]:
    """Yield an instance whose every process goes that way."""
    instance = AppProcesses(REDIS_URL=hostile.url)
    instance.start()
    yield instance
    instance.stop()
    shutil.rmtree(instance.data_dir, ignore_errors=True)


@pytest.fixture
def hinted(instance: AppProcesses) -> Iterator[Shop]:
    """Yield the shop's system; the auditor finds nothing afterwards."""
    shop = Shop(instance, instance.demo())
    yield shop
    shop.close()
    instance.assert_sound(shop.acknowledged)


@pytest.fixture
def alice_online(instance: AppProcesses) -> Iterator[httpx.Client]:
    """Alice, signed in."""
    with contract.session(instance.url, "alice") as client:
        yield client


async def test_every_client_has_the_whole_log(
    hostile: HostileRedis, hinted: Shop, alice_online: httpx.Client
) -> None:
    conversations = [hinted.ask() for _ in range(CONVERSATIONS)]
    heads: dict[str, int] = {}
    followers = [
        contract.TopicReader(
            url=hinted.app.websocket_url,
            cookies=contract.cookies_of(alice_online),
            topic=f"conversation:{conversation}",
        )
        for conversation in conversations
        for _ in range(VIEWERS)
    ]

    def has_all(reader: contract.TopicReader) -> bool:
        return reader.head >= heads.get(reader.topic, EVENTS * 2)

    following = [asyncio.create_task(f.follow(until=has_all, within=3000)) for f in followers]
    notes = [
        asyncio.to_thread(write, hinted, one, EVENTS // CONVERSATIONS) for one in conversations
    ]
    await asyncio.gather(*notes)
    for conversation in conversations:
        # The last that comes by itself: after it only what is written here is in the log.
        await asyncio.to_thread(hinted.wait_for, conversation, "title", within=30)
    hostile.loses_all = True
    for conversation in conversations:
        await asyncio.to_thread(write, hinted, conversation, 1)
        heads[f"conversation:{conversation}"] = len(hinted.events(conversation))
    _, late = await asyncio.wait(following, timeout=HEARTBEAT + MARGIN)
    hostile.loses_all = False
    assert not late
    await asyncio.gather(*following)
    assert min(hostile.lost, hostile.doubled, hostile.delayed) > EVENTS // 10
    for reader in followers:
        log = hinted.events(reader.topic.partition(":")[2])
        contract.assert_alike(reader.events, log)
    assert sum(heads.values()) > EVENTS


def write(shop: Shop, conversation: str, number: int) -> None:
    """Write so many notes for colleagues; each is an event."""
    for _ in range(number):
        note = {"text": "Seen.", "kind": "note", "client_id": secrets.token_hex(8)}
        path = f"/api/v1/conversations/{conversation}/messages/"
        assert shop.client.post(path, json=note).status_code == httpx.codes.CREATED
