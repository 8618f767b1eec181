"""Hostile frames at a real server: it stays up, leaks nothing, and serves other clients."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.channels_layer.nonsense import Sent, messages
from tests.servers import waiting
from tests.servers.on_redis import WebOnRedis, running_web
from tests.servers.redis import RedisServer

pytestmark = [pytest.mark.drill, pytest.mark.redis, pytest.mark.timeout(600)]

SMALL, FULL = 1_500, 10_000
"""For each of the two servers."""
AT_ONCE = 6
PER_SOCKET = 50
"""Each is followed by a ping; a socket may send 120 frames at once."""
DOCUMENTED = {4400, 4401, 4403, 4408, 4413, 4429, 1012, 1003, 1007, 1009}
MEGABYTE = 1024 * 1024
WARM_UP = 300
PATIENCE = 15.0
SECRET = "Zebulon-the-secret"
BAD_UTF8_AT_UVICORN = re.compile(
    r".*Invalid UTF-8 sequence received from client\..*\nTraceback.*\n(?: .*\n)+Unicode.*\n"
)
"""What uvicorn itself writes of it, before Parley has a say; it closes with 1007."""

BEGIN = """
import json
from channels_layer import times
from channels_layer.access import keys
from conversations.sources.widget.services import sessions
from conversations.sources.widget.services.sessions import SessionRequest
from tests.rights import world

filled = world.make()
stranger = sessions.open(widget=filled.widget, request=SessionRequest(), at=times.now()).secret
conversation, chat = filled.conversation, filled.chat
print(json.dumps({
    "names": [
        f"conversation:{conversation.pk}", f"conversation:{chat.pk}", f"ticket:{filled.ticket.pk}",
        f"user:{filled.bob.pk}", "inbox", "tickets", "approvals",
    ],
    "key": keys.issue(name="Narrow", scopes=["agents:read"], at=times.now())[1],
    "stranger": stranger,
    "victor": filled.victors_token,
}))
"""
COUNT = """
import json
from channels_layer.models import Event
from conversations.models import Message
print(json.dumps([Event.objects.count(), Message.objects.count()]))
"""


@dataclass
class Tally:
    """What came back."""

    sent: int = 0
    codes: dict[int | None, int] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)

    def closed(self, code: int | None) -> None:
        """Note a close."""
        self.codes[code] = self.codes.get(code, 0) + 1


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def web(
    request: pytest.FixtureRequest,
    redis_process: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[WebOnRedis]:
    with running_web(
        request.param, tmp_path_factory.mktemp(request.param), redis_process
    ) as server:
        yield server


async def test_hostile_frames_hurt_nobody(web: WebOnRedis) -> None:
    number = FULL if os.environ.get("DRILL_ROUNDS") == "full" else SMALL
    facts = web.run(BEGIN)
    before = web.run(COUNT)
    tally = Tally()
    every = list(messages(number + WARM_UP, facts["names"]))
    async with served(web, facts["victor"], facts["names"][0]) as pongs:
        await attack(web, facts, every[:WARM_UP], tally)
        memory = web.memory
        await attack(web, facts, every[WARM_UP:], tally)

    assert tally.sent == number + WARM_UP
    # Now and then a reset overtakes the close, since the ping behind the frame lies unread.
    assert tally.codes.pop(1006, 0) <= tally.sent / 100
    assert set(tally.codes) <= DOCUMENTED, tally.codes
    # Garbage, bytes that are no text, and what is too long: each was refused for what it is.
    assert {4400, 1007, 4413} <= set(tally.codes), tally.codes
    assert tally.leaks == []
    assert web.process.poll() is None
    assert web.memory - memory < 30 * MEGABYTE
    log = BAD_UTF8_AT_UVICORN.sub("", web.log)
    assert not re.search(r"Traceback|\bERROR\b|\bCRITICAL\b", log), log[-3000:]
    assert web.run(COUNT) == before
    assert len(pongs) > 5


async def attack(
    web: WebOnRedis, facts: dict[str, Any], every: Sequence[Sent], tally: Tally
) -> None:
    """Send it all over a few sockets at once, of a system and of a visitor in turn."""
    entrances = [("", facts["key"]), ("visitor/", facts["stranger"])]
    shares = [every[start::AT_ONCE] for start in range(AT_ONCE)]
    async with asyncio.TaskGroup() as tasks:
        for number, share in enumerate(shares):
            path, token = entrances[number % len(entrances)]
            tasks.create_task(send_all(f"{web.websocket_url}/ws/v1/{path}", token, share, tally))


async def send_all(url: str, token: str, share: Sequence[Sent], tally: Tally) -> None:
    """Send a share; a socket that was closed is opened again."""
    left = list(share)
    while left:
        async with connect(url, compression=None, ping_interval=None) as socket:
            await greet(socket, token)
            for _ in range(PER_SOCKET):
                if not left or not await survives(socket, left.pop(), tally):
                    break


async def survives(socket: ClientConnection, sent: Sent, tally: Tally) -> bool:
    """Send one message and receive a pong after it, or the close."""
    tally.sent += 1
    try:
        pieces = sent.pieces if len(sent.pieces) > 1 else sent.pieces[0]
        await socket.send(pieces, text=sent.is_text)
        await socket.send('{"type":"ping","ref":"and?"}')
        async with asyncio.timeout(PATIENCE):
            while True:
                answer = await socket.recv()
                text = answer if isinstance(answer, str) else answer.decode()
                if SECRET in text:
                    tally.leaks.append(text)
                if orjson.loads(text).get("ref") == "and?":
                    return True
    except ConnectionClosed:
        tally.closed(socket.close_code)
        return False


@asynccontextmanager
async def served(web: WebOnRedis, token: str, topic: str) -> AsyncIterator[list[int]]:
    """Victor follows his conversation and pings all the while; each pong comes in time."""
    pongs: list[int] = []
    async with connect(f"{web.websocket_url}/ws/v1/visitor/") as socket:
        await greet(socket, token)
        await socket.send(orjson.dumps({"type": "follow", "topic": topic}).decode())

        async def ping() -> None:
            while True:
                await socket.send(orjson.dumps({"type": "ping", "ref": len(pongs)}).decode())
                async with asyncio.timeout(PATIENCE):
                    while orjson.loads(await socket.recv()).get("ref") != len(pongs):
                        pass
                pongs.append(len(pongs))
                await waiting.awhile(0.2)

        pinging = asyncio.create_task(ping())
        try:
            yield pongs
            assert not pinging.done(), pinging
        finally:
            pinging.cancel()
            await asyncio.gather(pinging, return_exceptions=True)


async def greet(socket: ClientConnection, token: str) -> None:
    """Say hello and be welcomed."""
    await socket.send(orjson.dumps({"type": "hello", "v": 1, "token": token}).decode())
    async with asyncio.timeout(PATIENCE):
        assert orjson.loads(await socket.recv())["type"] == "welcome"
