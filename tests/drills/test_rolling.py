"""A rolling restart under load: web processes one by one, then the workers; without an error.

One web process is daphne, the other uvicorn; both stand behind the nginx of the docs.
"""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import pytest

from config import env
from tests.drills.shop import RECOVERY, Shop
from tests.drills.viewing import Viewer, at_once, everybody
from tests.servers import ports
from tests.servers.nginx import Nginx
from tests.servers.parley import AppProcesses

# A socket is back within 5 s; most of the hand-over is the start of a worker, which is computing.
pytestmark = [pytest.mark.drill, pytest.mark.deadline, pytest.mark.timeout(1800)]

ROUNDS = 10 if os.environ.get("DRILL_ROUNDS") == "full" else 1
SOCKETS = 50
PAUSE = 0.1
"""Seconds between two messages."""
BACK = 5.0
"""Seconds within which a socket that was closed is open again."""
SLOW = "Tell me all about lamps. [demo:words=300,rate=20]"
"""An answer of 15 seconds: a slow machine, too, has restarted the worker before it is over."""


class Uvicorn:
    """A second web process of the instance."""

    def __init__(self, app: AppProcesses) -> None:
        """Serve the instance on a port of its own."""
        self.port = ports.free_port()
        self._environment = {**app.environment, "PORT": str(self.port)}
        self.start()

    def start(self) -> None:
        """Start it and wait until it is ready."""
        command = [sys.executable, "-m", "config.serve_uvicorn"]
        self._process = subprocess.Popen(command, cwd=env.ROOT, env=self._environment)
        ports.wait_for("the second web process", self._is_ready, within=60)

    def stop(self) -> None:
        """Ask it to stop, as a process manager does."""
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(timeout=10) == 0

    def _is_ready(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{self.port}/health/ready").is_success
        return False


@dataclass
class Speaker:
    """Writes ten messages a second, each once; whatever the answer is, it is noted."""

    client: httpx.AsyncClient
    conversation: str
    shop: Shop
    statuses: list[int] = field(default_factory=list)

    async def talk(self, done: asyncio.Event) -> None:
        """Write until it is enough, without waiting for answers."""
        async with asyncio.TaskGroup() as group:
            while not done.is_set():
                group.create_task(self._say())
                await asyncio.sleep(PAUSE)

    async def _say(self) -> None:
        client_id = secrets.token_hex(8)
        answer = await self.client.post(
            f"/api/v1/conversations/{self.conversation}/messages/",
            json={"text": "A word from the shop.", "client_id": client_id},
        )
        self.statuses.append(answer.status_code)
        if answer.is_success:
            self.shop.acknowledged.append(f"{self.conversation} {client_id}")


@pytest.fixture
def second(app: AppProcesses) -> Iterator[Uvicorn]:
    """Yield the second web process."""
    server = Uvicorn(app)
    yield server
    server.stop()


@pytest.fixture
def proxy(app: AppProcesses, second: Uvicorn, tmp_path: Path) -> Iterator[Nginx]:
    """Yield the nginx in front of both."""
    server = Nginx(tmp_path, [app.port, second.port])
    server.start()
    yield server
    server.stop()


async def test_nobody_sees_a_rolling_restart(
    app: AppProcesses, shop: Shop, second: Uvicorn, proxy: Nginx
) -> None:
    conversation = shop.begin()
    topic = f"conversation:{conversation}"
    key = shop.client.headers["Authorization"].removeprefix("Bearer ")
    viewers = [Viewer(proxy.websocket_url, key, topic, proxy.trust) for _ in range(SOCKETS)]
    async with at_once(viewers), speaking(shop, proxy, conversation) as speaker:
        for _ in range(ROUNDS):
            await everybody(viewers)
            await asyncio.to_thread(restart, app, "web")
            await everybody(viewers)
            await asyncio.to_thread(second.stop)
            await asyncio.to_thread(second.start)
            await everybody(viewers)
            await asyncio.to_thread(hand_over, app, shop)
            await asyncio.to_thread(restart, app, "io")
    log = shop.events(conversation)
    for viewer in viewers:
        assert viewer.seen == [event["seq"] for event in log]
        # At the end it closes by itself, with 1000.
        assert set(viewer.codes) <= {1012, 1000}
    assert {status for status in speaker.statuses if status >= 300} == set()
    assert len(speaker.statuses) > ROUNDS * 50
    assert [line for status, line in proxy.statuses() if status >= 500] == []
    away = [seconds for viewer in viewers for seconds in viewer.away]
    assert len(away) >= ROUNDS * SOCKETS
    assert max(away) < BACK


@asynccontextmanager
async def speaking(shop: Shop, proxy: Nginx, conversation: str) -> AsyncIterator[Speaker]:
    """Let a customer write during the block."""
    headers = {"Authorization": shop.client.headers["Authorization"]}
    client = httpx.AsyncClient(base_url=proxy.url, verify=proxy.trust, headers=headers, timeout=30)
    async with client:
        speaker, done = Speaker(client, conversation, shop), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(speaker.talk(done))
            yield speaker
            done.set()


def restart(app: AppProcesses, name: str) -> None:
    """Ask a process to stop; its supervisor starts it again."""
    former = app.pid(name)
    os.kill(former, signal.SIGTERM)
    app.wait_for_another(name, former)
    app.wait_until_ready()


def hand_over(app: AppProcesses, shop: Shop) -> None:
    """Restart the worker in the middle of two answers: they go on and are given once."""
    conversations = [shop.ask(SLOW) for _ in range(2)]
    for conversation in conversations:
        shop.wait_for(conversation, "run.started")
    time.sleep(1)
    assert [shop.of(conversation, "end") for conversation in conversations] == [[], []]
    former = app.pid("live")
    began = time.monotonic()
    os.kill(former, signal.SIGTERM)
    for conversation in conversations:
        left = RECOVERY - (time.monotonic() - began)
        ports.wait_for("the hand-over", partial(goes_on, shop, conversation), within=left)
    for conversation in conversations:
        shop.wait_for(conversation, "end", within=60)
        shop.assert_answered_once(conversation)
    app.wait_for_another("live", former)
    app.wait_until_ready()


def goes_on(shop: Shop, conversation: str) -> bool:
    """Return whether a worker has taken the answer again."""
    return bool(shop.run(conversation)["attempt"] > 1)
