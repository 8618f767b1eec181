"""Twenty clients whose connections are cut all the time: each ends with a fresh load's state."""

import asyncio
import os
import secrets
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import WebSocketException

from tests.drills.shop import Shop
from tests.journeys import client as contract
from tests.servers.hostile import HostileProxy
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]

CLIENTS = 20
CUTS = 200 if os.environ.get("DRILL_ROUNDS") == "full" else 10
PAUSE = 0.2
"""Seconds between two messages."""


@pytest.fixture
def alice_online(app: AppProcesses) -> Iterator[httpx.Client]:
    """Alice, signed in."""
    app.wait_until_ready()
    with contract.session(app.url, "alice") as client:
        yield client


async def test_every_client_ends_with_what_a_fresh_load_gives(
    app: AppProcesses, shop: Shop, alice_online: httpx.Client
) -> None:
    conversation = shop.ask()
    done = asyncio.Event()
    async with HostileProxy(app.port, seed=7).serving() as proxy:
        followers = [
            contract.TopicReader(
                url=f"ws://127.0.0.1:{proxy.port}",
                cookies=contract.cookies_of(alice_online),
                topic=f"conversation:{conversation}",
            )
            for _ in range(CLIENTS)
        ]
        talking = asyncio.create_task(talk(shop, conversation, done))
        await asyncio.gather(*(suffer(reader) for reader in followers))
        done.set()
        await talking
        await asyncio.to_thread(rest, shop, conversation)
        proxy.is_calm = True
        log = await asyncio.to_thread(shop.events, conversation)
        for reader in followers:
            await reader.follow(until=lambda now: now.head >= len(log))
    assert proxy.cut >= CLIENTS * CUTS
    for reader in followers:
        contract.assert_alike(reader.events, log)


async def suffer(reader: contract.TopicReader) -> None:
    """Follow through as many cut connections as the drill has."""
    for _ in range(CUTS):
        try:
            await reader.follow(until=lambda _: False, within=10)
        except (WebSocketException, OSError, TimeoutError, EOFError):
            await asyncio.sleep(0.01)


async def talk(shop: Shop, conversation: str, done: asyncio.Event) -> None:
    """Write as the customer until it is enough."""
    while not done.is_set():
        status = await asyncio.to_thread(
            shop.say, conversation, "Hello again", secrets.token_hex(8)
        )
        assert status == httpx.codes.CREATED
        await asyncio.sleep(PAUSE)


def rest(shop: Shop, conversation: str) -> None:
    """Wait until the assistant has answered the last of it."""
    shop.app.assert_sound(shop.acknowledged)
    assert shop.of(conversation, "end")
