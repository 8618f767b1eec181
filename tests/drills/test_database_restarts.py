"""PostgreSQL that crashes under load: what was acknowledged is there, and all goes on by itself.

The server keeps every commit that it has acknowledged (``synchronous_commit``); ``fsync`` is off,
as the machine does not lose its power.
"""

import asyncio
import os
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from tests.drills.shop import QUESTION, RECOVERY, Shop
from tests.drills.viewing import Viewer, at_once, everybody
from tests.servers.parley import AppProcesses
from tests.servers.postgres import PostgresServer, restartable_postgres

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]

CRASHES = 10 if os.environ.get("DRILL_ROUNDS") == "full" else 2
PAUSE = 0.05
"""Seconds between two messages."""
LONG = 6.0
"""Seconds that the server is away every other time: longer than a transaction is tried again."""
MOST_TRIES = 20
REFUSED = {httpx.codes.SERVICE_UNAVAILABLE}


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """Yield the database server of the instance."""
    with restartable_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def on_postgres(postgres: PostgresServer) -> Iterator[AppProcesses]:
    """Yield an instance on PostgreSQL, with demo data."""
    instance = AppProcesses(DATABASE_URL=postgres.url)
    instance.start(within=120)
    yield instance
    instance.stop()
    shutil.rmtree(instance.data_dir, ignore_errors=True)


@pytest.fixture
def shop(on_postgres: AppProcesses) -> Iterator[Shop]:
    """Yield the shop's system; whatever the drill does, the auditor finds nothing afterwards."""
    shop = Shop(on_postgres, on_postgres.demo())
    yield shop
    shop.close()
    on_postgres.wait_until_ready()
    on_postgres.assert_sound(shop.acknowledged)


@dataclass
class Speaker:
    """Writes twenty messages a second, and each again under its client id until it is taken."""

    client: httpx.AsyncClient
    conversation: str
    accepted: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    waits: set[str] = field(default_factory=set)

    async def talk(self, done: asyncio.Event) -> None:
        """Write until it is enough; return when all of it is accepted."""
        async with asyncio.TaskGroup() as group:
            while not done.is_set():
                group.create_task(self._say(secrets.token_hex(8)))
                await asyncio.sleep(PAUSE)

    async def _say(self, client_id: str) -> None:
        for _ in range(MOST_TRIES):
            answer = await self.client.post(
                f"/api/v1/conversations/{self.conversation}/messages/",
                json={"text": "A word from the shop.", "client_id": client_id},
            )
            self.statuses[answer.status_code] += 1
            if answer.is_success:
                self.accepted.append(client_id)
                return
            assert answer.status_code in REFUSED, answer.text
            assert answer.json()["code"] == "unavailable"
            self.waits.add(answer.headers["Retry-After"])
            await asyncio.sleep(float(answer.headers["Retry-After"]))
        pytest.fail(f"{client_id} was never taken")


async def test_a_crash_of_postgresql_loses_nothing(
    on_postgres: AppProcesses, postgres: PostgresServer, shop: Shop
) -> None:
    conversation = shop.begin()
    headers = {"Authorization": shop.client.headers["Authorization"]}
    done = asyncio.Event()
    key = headers["Authorization"].removeprefix("Bearer ")
    viewer = Viewer(on_postgres.websocket_url, key, f"conversation:{conversation}")
    client = httpx.AsyncClient(base_url=on_postgres.url, headers=headers, timeout=60)
    speaker = Speaker(client, conversation)
    async with client, at_once([viewer]), asyncio.TaskGroup() as group:
        await everybody([viewer])
        group.create_task(speaker.talk(done))
        for number in range(CRASHES):
            await asyncio.to_thread(crash_once, postgres, shop, LONG if number % 2 else 0.0)
        done.set()
    shop.acknowledged += [f"{conversation} {client_id}" for client_id in speaker.accepted]
    log = shop.events(conversation)
    assert viewer.seen == [event["seq"] for event in log]
    assert viewer.away == []
    said = [event["data"]["client_id"] for event in log if event["type"] == "message.created"]
    assert sorted(said) == sorted(speaker.accepted)
    assert len(said) == len(set(said)) > CRASHES * 20
    assert speaker.statuses[503] >= CRASHES
    assert speaker.waits == {"2"}


def crash_once(postgres: PostgresServer, shop: Shop, away: float) -> None:
    """Crash the server in the middle of two answers; they go on by themselves."""
    conversations = [shop.ask(QUESTION) for _ in range(2)]
    for conversation in conversations:
        shop.wait_for(conversation, "run.started")
    time.sleep(0.3)
    postgres.crash(away)
    for conversation in conversations:
        shop.wait_for(conversation, "end", within=2 * RECOVERY)
        shop.assert_answered_once(conversation)
