"""Chainlit, where it is installed: the same question by its own protocol, Socket.IO."""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from config import env
from tests.bench.clients import Socket
from tests.bench.processes import computing
from tests.bench.programs import listening
from tests.bench.references.stamped_model import Pace
from tests.bench.running.paths import PATIENCE, Follower
from tests.servers import ports

CHAINLIT = "Chainlit"
APP = env.ROOT / "tests" / "bench" / "references" / "chainlit_app.py"
PYTHON = "BENCH_CHAINLIT"
"""The variable that names the Python in whose packages Chainlit is, if not in ours."""
SOCKET = "/ws/socket.io/?EIO=4&transport=websocket"
# Engine.IO's and Socket.IO's types, as a frame begins with them.
OPENED, PINGED, PONG, CONNECT, EVENT = b"0", b"2", b"3", b"40", b"42"


class Chainlit:
    """One process that does everything: web, model's client and sockets."""

    name = CHAINLIT

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self._pid = pid

    async def conversation(self) -> "ChainlitConversation":
        """Begin a conversation, which lasts as long as its socket."""
        return ChainlitConversation(self.port)

    def computing(self) -> dict[str, float]:
        """Return the seconds that it has computed; it has no worker."""
        return {"web": computing(self._pid)}


class ChainlitConversation:
    """One session."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._id = str(uuid4())
        self._opened = asyncio.Event()
        self._socket: Socket | None = None
        self._follower: Follower | None = None

    async def follow(self, pace: Pace) -> Follower:
        """Open the session's socket."""
        self._follower = Follower(pace)
        self._socket = await Socket.open(self._port, SOCKET, self._take)
        await asyncio.wait_for(self._opened.wait(), PATIENCE)
        known = {"clientType": "webapp", "sessionId": self._id, "userEnv": "{}"}
        self._send(CONNECT + orjson.dumps(known))
        await asyncio.wait_for(self._follower.ready.wait(), PATIENCE)
        self._emit("connection_successful")
        return self._follower

    async def ask(self, pace: Pace) -> None:
        """Write as its user."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        message = {
            "id": str(uuid4()),
            "threadId": "",
            "name": "User",
            "type": "user_message",
            "output": pace.question,
            "createdAt": now,
        }
        self._emit("client_message", {"message": message, "fileReferences": []})

    def close(self) -> None:
        """Cut the connection."""
        if self._socket:
            self._socket.close()

    def _emit(self, *event: Any) -> None:
        self._send(EVENT + orjson.dumps(event))

    def _take(self, payload: bytes) -> None:
        assert self._follower
        if payload.startswith(EVENT):
            self._hear(*orjson.loads(payload[len(EVENT) :]))
        elif payload.startswith(CONNECT):
            self._follower.ready.set()
        elif payload == PINGED:
            self._send(PONG)
        elif payload.startswith(OPENED):
            self._opened.set()

    def _hear(self, name: str, data: Any = None) -> None:
        assert self._follower
        if name == "stream_start":
            self._follower.take_text(data["output"])
        elif name == "stream_token":
            self._follower.take_text(data["token"])
        elif name == "task_end":
            self._follower.end()

    def _send(self, text: bytes) -> None:
        assert self._socket
        self._socket.send(text)


def python_with_chainlit() -> str | None:
    """Return the Python that has it, or None."""
    return os.environ.get(PYTHON) or (sys.executable if find_spec("chainlit") else None)


@contextmanager
def running_chainlit(python: str, model: str, folder: Path) -> Iterator[Chainlit]:
    """Run it until the block ends; ``folder`` is where it writes its settings."""
    port = ports.free_port()
    arguments = ["run", str(APP), "--headless", "--host", "127.0.0.1", "--port", str(port)]
    variables = {"CHAINLIT_APP_ROOT": str(folder), "MODEL_URL": model}
    with listening(port, "chainlit", *arguments, python=python, **variables) as pid:
        yield Chainlit(port, pid)
