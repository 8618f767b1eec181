"""The socket on real servers: daphne, which the product runs, and uvicorn."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from tests.servers import ports, template
from tests.servers.redis import RedisServer

pytestmark = [pytest.mark.drill, pytest.mark.redis]

ROOT = Path(__file__).resolve().parents[3]
MEGABYTE = 1024 * 1024


class Server:
    """A server process with a database of its own."""

    def __init__(self, kind: str, folder: Path, redis: RedisServer) -> None:
        self.port = ports.free_port()
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.servers.settings",
            "DEBUG": "on",
            "DATA_DIR": str(folder),
            "REDIS_URL": redis.url,
            "DATABASE_URL": f"sqlite:///{folder}/drill.sqlite3",
        }
        template.copy_migrated(folder / "drill.sqlite3")
        self.key = self._run("-m", "tests.channels_layer.serving", "key")
        self.process = self.start(kind, str(self.port))
        ports.wait_for("the server's start", self._answers, within=30)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a process of this server's surroundings."""
        command = [sys.executable, "-m", "tests.channels_layer.serving", *arguments]
        return subprocess.Popen(command, env=self._environment, cwd=ROOT)

    async def say(self, times: int, size: int, *, verb: str = "say") -> None:
        """Publish from another process."""
        process = self.start(verb, str(times), str(size))
        assert await asyncio.to_thread(process.wait) == 0

    @property
    def memory(self) -> int:
        """Bytes that the process holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    @asynccontextmanager
    async def client(self, **options: Any) -> AsyncIterator[ClientConnection]:
        """Connect and be welcomed."""
        async with self.connect(**options) as client:
            await send(client, type="hello", v=1, token=self.key)
            assert (await receive(client))["type"] == "welcome"
            yield client

    def connect(self, path: str = "/ws/v1/", **options: Any) -> connect:
        """Connect."""
        url = f"ws://127.0.0.1:{self.port}{path}"
        return connect(url, compression=None, ping_interval=None, **options)

    def _run(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, env=self._environment, cwd=ROOT, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def _answers(self) -> bool:
        assert self.process.poll() is None
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture(params=["daphne", "uvicorn"], scope="module")
def server(
    request: pytest.FixtureRequest,
    redis_process: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    server = Server(request.param, tmp_path_factory.mktemp(request.param), redis_process)
    yield server
    server.process.terminate()
    server.process.wait(timeout=20)


async def send(client: ClientConnection, **frame: Any) -> None:
    await client.send(orjson.dumps(frame).decode())


async def receive(client: ClientConnection) -> dict[str, Any]:
    frame: dict[str, Any] = orjson.loads(await asyncio.wait_for(client.recv(), 30))
    return frame


async def code_after(client: ClientConnection, message: str | bytes) -> int | None:
    await client.send(message)
    try:
        async for _ in client:
            pass
    except ConnectionClosedError:
        # Every code but 1000 and 1001 is an error to this client.
        pass
    return client.close_code


async def test_replays_and_goes_live(server: Server) -> None:
    await server.say(3, 10)
    async with server.client() as client:
        await send(client, type="follow", topic="note:1", after=1)
        head = (await receive(client))["head"]
        saying = asyncio.create_task(server.say(20, 10))
        seqs: list[int] = []
        while len(seqs) < head - 1 + 20:
            frame = await receive(client)
            if "seq" in frame:
                seqs.append(frame["seq"])
        assert seqs == list(range(2, head + 21))
        await saying


async def test_closes_with_the_documented_codes(server: Server) -> None:
    async with server.connect() as client:
        assert await code_after(client, '{"type":"hello","v":1,"token":"wrong"}') == 4401
    wrong: list[tuple[str | bytes, int]] = [("nonsense", 4400), (b"\0", 4400), ("x" * 65537, 4413)]
    for message, code in wrong:
        async with server.client() as client:
            assert await code_after(client, message) == code


async def test_refuses_a_foreign_origin_at_the_handshake(server: Server) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with server.connect(origin="http://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_its_own_origin_is_welcome(server: Server) -> None:
    async with server.client(origin=f"http://127.0.0.1:{server.port}"):
        pass


@pytest.mark.deadline
async def test_who_reads_nothing_delays_nobody(server: Server) -> None:
    """Ten clients read nothing while 12 MB pass; another one receives everything in time."""
    async with server.client() as quick:
        slow = []
        for _ in range(10):
            client = await server.connect(max_queue=1)
            await send(client, type="hello", v=1, token=server.key)
            await send(client, type="follow", topic="note:1")
            slow.append(client)
        await send(quick, type="follow", topic="note:1")
        head = (await receive(quick))["head"]
        before = server.memory
        saying = asyncio.create_task(server.say(400, 30_000))
        received = 0
        longest = 0.0
        while received < 400:
            begin = time.monotonic()
            frame = await receive(quick)
            if "seq" in frame:
                received += 1
                assert frame["seq"] == head + received
                longest = max(longest, time.monotonic() - begin if received > 1 else 0)
        await saying
        assert longest < 2
        assert server.memory - before < 40 * MEGABYTE
        for client in slow:
            client.transport.abort()
            await client.wait_closed()
