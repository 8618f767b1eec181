"""Parley as it runs: conversations by its API, sockets by its contract."""

import asyncio
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import orjson

from tests.bench.clients import Answer, HttpClient, Socket
from tests.bench.figures import OURS
from tests.bench.processes import computing
from tests.bench.references.stamped_model import Pace
from tests.bench.running.paths import PATIENCE, Follower
from tests.servers.parley import AppProcesses

API = "/api/v1"
SOCKET = "/ws/v1/"
HELLO = b'{"type":"hello","v":1}'
NO_GATHERING = """
from conversations.models import Source
from conversations.sources.api import KIND
usual = Source.objects.filter(kind=KIND).order_by("pk")[:1].get()
quick = Source.objects.create(
    kind=KIND, name="At once", assistant=usual.assistant, gather_seconds=0.0
)
print(quick.pk)
"""


class Parley:
    """One instance on the stand-in model."""

    name = OURS

    def __init__(self, instance: AppProcesses) -> None:
        self.instance = instance
        facts = instance.demo()
        self.headers = {"Authorization": f"Bearer {facts['api_key']}"}
        sources = {row["kind"]: row["id"] for row in facts["sources"]}
        self.source: str = sources["api"]
        """Gathers for 0.3 s what a customer writes, as sources do unless told otherwise."""
        self.quick_source = instance.manage("shell", "--no-imports", "-c", NO_GATHERING).strip()
        """Gathers nothing: a question is answered at once."""

    async def client(self) -> HttpClient:
        """Open a connection to the API."""
        return await HttpClient.open(self.instance.port, self.headers)

    async def conversation(self, source: str = "") -> "ParleyConversation":
        """Begin a conversation of a new contact."""
        client = await self.client()
        body = {"source": source or self.source, "contact": {"external_id": uuid4().hex}}
        begun = await client.post(f"{API}/conversations/", body)
        return ParleyConversation(self, client, begun.json()["id"])

    async def connect(self, take: Any) -> Socket:
        """Open a socket and greet."""
        socket = await Socket.open(self.instance.port, SOCKET, take, self.headers)
        socket.send(HELLO)
        return socket

    def computing(self) -> dict[str, float]:
        """Return the seconds that the web process and the worker that answers have computed."""
        return {
            "web": computing(self.instance.pid("web")),
            "worker": computing(self.instance.pid("live")),
        }


class AtOnce:
    """The same instance, asked through the source that gathers nothing."""

    name = OURS

    def __init__(self, parley: Parley) -> None:
        self._parley = parley

    async def conversation(self) -> "ParleyConversation":
        """Begin a conversation."""
        return await self._parley.conversation(self._parley.quick_source)

    def computing(self) -> dict[str, float]:
        """Return what the instance computes."""
        return self._parley.computing()


class ParleyConversation:
    """One conversation."""

    def __init__(self, parley: Parley, client: HttpClient, identifier: str) -> None:
        self.id = identifier
        self._parley = parley
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
        socket = await self._parley.connect(take)
        self.let_follow(socket)
        self._sockets.append(socket)
        return socket

    def let_follow(self, socket: Socket) -> None:
        """Let a socket that is open follow this conversation."""
        frame = {"type": "follow", "topic": f"conversation:{self.id}", "after": 1}
        socket.send(orjson.dumps(frame))

    async def ask(self, pace: Pace) -> None:
        """Write as the customer."""
        body = {"text": pace.question, "client_id": uuid4().hex}
        path = f"{API}/conversations/{self.id}/customer-messages/"
        answer = await self._client.post(path, body)
        assert answer.status == HTTPStatus.CREATED, answer.body

    async def say(self, text: str) -> Answer:
        """Write as a system."""
        body = {"text": text, "client_id": uuid4().hex}
        return await self._client.post(f"{API}/conversations/{self.id}/messages/", body)

    def close(self) -> None:
        """Cut all connections."""
        for socket in self._sockets:
            socket.close()
        self._client.close()
