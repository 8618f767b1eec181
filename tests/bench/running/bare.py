"""The bare way of an answer: the relay and the bare sockets, with Redis between them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from redis import Redis

from tests.bench.clients import HttpClient, Socket
from tests.bench.processes import computing
from tests.bench.programs import REFERENCES, listening, started
from tests.bench.references.bare_sockets import PREFIX
from tests.bench.references.relay import ASK
from tests.bench.references.stamped_model import Pace
from tests.bench.running.paths import PATIENCE, Follower
from tests.servers import ports
from tests.servers.redis import RedisServer

BARE = "bare ASGI and Redis"


class Bare:
    """Both programs as they run."""

    name = BARE

    def __init__(self, port: int, pids: dict[str, int]) -> None:
        self.port = port
        self.pids = pids

    async def conversation(self) -> "BareConversation":
        """Begin a conversation."""
        return BareConversation(self, await HttpClient.open(self.port))

    def computing(self) -> dict[str, float]:
        """Return the seconds that each program has computed."""
        return {name: computing(pid) for name, pid in self.pids.items()}


class BareConversation:
    """One topic."""

    def __init__(self, bare: Bare, client: HttpClient) -> None:
        self.id = uuid4().hex
        self._bare = bare
        self._client = client
        self._sockets: list[Socket] = []

    async def follow(self, pace: Pace) -> Follower:
        """Open a socket that gets the next answer."""
        follower = Follower(pace)
        await self.follow_with(follower.take)
        await asyncio.wait_for(follower.ready.wait(), PATIENCE)
        return follower

    async def follow_with(self, take: Any) -> Socket:
        """Open a socket that hands its frames to ``take``."""
        socket = await Socket.open(self._bare.port, f"/topic/{self.id}", take)
        self._sockets.append(socket)
        return socket

    async def ask(self, pace: Pace) -> None:
        """Hand a question to the relay."""
        await self._publish(ASK, {"topic": self.id, "text": pace.question})

    async def say(self, frame: dict[str, Any]) -> None:
        """Publish a frame."""
        await self._publish(self.id, frame)

    def close(self) -> None:
        """Cut all connections."""
        for socket in self._sockets:
            socket.close()
        self._client.close()

    async def _publish(self, topic: str, body: dict[str, Any]) -> None:
        answer = await self._client.post(f"/publish/{topic}", body)
        assert answer.status == HTTPStatus.CREATED


@contextmanager
def running_bare(redis: RedisServer, model: str) -> Iterator[Bare]:
    """Run both until the block ends."""
    port = ports.free_port()
    with (
        listening(port, f"{REFERENCES}.bare_sockets", str(port), redis.url) as web,
        started(f"{REFERENCES}.relay", redis.url, model) as worker,
    ):
        ports.wait_for("the relay's start", lambda: is_asked(redis.url), within=30)
        yield Bare(port, {"web": web, "worker": worker})


def is_asked(url: str) -> bool:
    """Return whether the relay takes questions."""
    channel = f"{PREFIX}{ASK}"
    with Redis.from_url(url) as client:
        return dict(client.pubsub_numsub(channel))[channel.encode()] > 0
