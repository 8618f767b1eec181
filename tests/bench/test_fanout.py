"""What it costs a server to hand an event to its sockets, beside consumers as Channels has them."""

import asyncio
import os
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from statistics import median

import pytest
from websockets.asyncio.client import ClientConnection

from tests.bench.test_instance import show
from tests.channels_layer.sockets.test_servers_drill import Server, receive, send
from tests.servers.redis import RedisServer

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

SOCKETS = 100
EVENTS = 200
SIZE = 100
ROUNDS = 3


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
async def test_fan_out(
    kind: str, capsys: pytest.CaptureFixture[str], redis_process: RedisServer, tmp_path: Path
) -> None:
    server = Server(kind, tmp_path, redis_process)
    costs: dict[str, list[float]] = {"say": [], "stock": []}
    try:
        for _ in range(ROUNDS):
            for verb, found in costs.items():
                found.append(await cost_of_a_delivery(server, verb))
    finally:
        server.process.terminate()
        await asyncio.to_thread(server.process.wait, 20)
    ours, stock = median(costs["say"]), median(costs["stock"])
    name = f"computing per delivery to {SOCKETS} sockets, {kind}"
    show(capsys, name, "µs", ours=ours, stock=stock, ratio=ours / stock)


async def cost_of_a_delivery(server: Server, verb: str) -> float:
    """Return the computing of the server for one event at one socket, in microseconds."""
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(follower(server, verb)) for _ in range(SOCKETS)]
        for client in opened if verb == "say" else []:
            await send(client, type="follow", topic="note:1")
            await receive(client)
        before = computing(server)
        reading = [asyncio.create_task(read(client)) for client in opened]
        await server.say(EVENTS, SIZE, verb=verb)
        await asyncio.gather(*reading)
        return (computing(server) - before) / (SOCKETS * EVENTS) * 1e6


def follower(server: Server, verb: str) -> AbstractAsyncContextManager[ClientConnection]:
    """Connect to our socket, or to the stock one."""
    return server.client() if verb == "say" else server.connect("/stock/")


async def read(client: ClientConnection) -> None:
    """Read until all events have come."""
    left = EVENTS
    while left:
        text = await asyncio.wait_for(client.recv(), 60)
        left -= "xxx" in str(text)


def computing(server: Server) -> float:
    """Return the seconds for which the server has computed."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
