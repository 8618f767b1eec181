"""What it costs a server to hand an event to its sockets, beside Channels' own and bare ASGI."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import redis

from tests.bench.clients import Socket, run
from tests.bench.figures import MILLI, OURS, Measures, Show, at_most_times, in_turns
from tests.bench.processes import computing
from tests.bench.programs import REFERENCES, listening
from tests.bench.references.bare_sockets import PREFIX
from tests.bench.running.crowds import Counter, opened, together
from tests.channels_layer.sockets.test_servers_drill import Server
from tests.servers import ports
from tests.servers.redis import RedisServer

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

SOCKETS = 100
EVENTS = 200
SIZE = 100
PATIENCE = 60.0
WORDS, FOLLOWING = b"xxx", b'"following"'
STOCK, BARE = "Channels' consumer and layer", "bare ASGI and Redis under uvicorn"


@pytest.fixture
def bare(redis_process: RedisServer) -> Iterator[tuple[int, int]]:
    """Yield port and process of the bare sockets."""
    port = ports.free_port()
    with listening(port, f"{REFERENCES}.bare_sockets", str(port), redis_process.url) as pid:
        yield port, pid


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
def test_fan_out(
    kind: str, redis_process: RedisServer, bare: tuple[int, int], tmp_path: Path, show: Show
) -> None:
    server = Server(kind, tmp_path, redis_process)

    async def ours() -> Measures:
        return await by_server(server, "say")

    async def stock() -> Measures:
        return await by_server(server, "stock")

    async def plain() -> Measures:
        return await by_bare_sockets(*bare, redis_process.url)

    try:
        rounds = run(in_turns({OURS: ours, STOCK: stock, BARE: plain}))
    finally:
        server.process.terminate()
        server.process.wait(20)
    name = f"computing per delivery to {SOCKETS} sockets, {kind}"
    for what, most in ((STOCK, 0.25), (BARE, 1.25)):
        show(rounds.figure(name, "µs", "computing", what=what, goal=at_most_times(most)))


async def by_server(server: Server, verb: str) -> Measures:
    """Return the computing of the server for one event at one socket; none may be lost."""
    seen, ready = Counter(WORDS), Counter(FOLLOWING)
    path = "/ws/v1/" if verb == "say" else "/stock/"
    take = together(seen.take, ready.take)
    sockets = await opened(lambda: Socket.open(server.port, path, take), SOCKETS)
    if verb == "say":
        for socket in sockets:
            socket.send(orjson.dumps({"type": "hello", "v": 1, "token": server.key}))
            socket.send(b'{"type":"follow","topic":"note:1"}')
        await ready.reach(SOCKETS, within=PATIENCE)
    before = computing(server.process.pid)
    await server.say(EVENTS, SIZE, verb=verb)
    return await cost(server.process.pid, before, seen, sockets)


async def by_bare_sockets(port: int, pid: int, url: str) -> Measures:
    """Return the same of the bare sockets."""
    seen, ready = Counter(WORDS), Counter(FOLLOWING)
    take = together(seen.take, ready.take)
    sockets = await opened(lambda: Socket.open(port, "/topic/note", take), SOCKETS)
    await ready.reach(SOCKETS, within=PATIENCE)
    before = computing(pid)
    await asyncio.to_thread(publish, url)
    return await cost(pid, before, seen, sockets)


def publish(url: str) -> None:
    """Publish as many events of that size."""
    frame = orjson.dumps({"type": "said", "data": {"text": "x" * SIZE}})
    with redis.Redis.from_url(url) as client:
        for _ in range(EVENTS):
            client.publish(f"{PREFIX}note", frame)


async def cost(pid: int, before: float, seen: Counter, sockets: list[Socket]) -> Measures:
    """Wait until all have all; return the microseconds that one delivery took."""
    await seen.reach(SOCKETS * EVENTS, within=PATIENCE)
    computed = computing(pid) - before
    for socket in sockets:
        socket.close()
    return {"computing": computed / (SOCKETS * EVENTS) * MILLI * MILLI}
