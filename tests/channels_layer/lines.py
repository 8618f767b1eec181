"""A client of the socket that knows the contract and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from channels.testing import WebsocketCommunicator

from config.asgi import sockets

Frame = dict[str, Any]
HOST = (b"host", b"testserver")
STAFF, VISITOR = "/ws/v1/", "/ws/v1/visitor/"
PATIENCE = 20


class ClosedError(Exception):
    """The server closed the socket."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Line:
    """One end of a socket."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self._communicator = communicator

    async def send(self, **frame: Any) -> None:
        """Send a frame."""
        await self.send_text(orjson.dumps(frame).decode())

    async def send_text(self, text: str) -> None:
        """Send any text."""
        await self._communicator.send_input({"type": "websocket.receive", "text": text})

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary message."""
        await self._communicator.send_to(bytes_data=data)

    async def next(self, *, within: float = PATIENCE) -> Frame:
        """Return the next frame, whatever it is."""
        output = await self._communicator.receive_output(timeout=within)
        if output["type"] == "websocket.close":
            raise ClosedError(output.get("code"))
        frame: Frame = orjson.loads(output["text"])
        return frame

    async def receive(self, type_: str, *, within: float = PATIENCE) -> Frame:
        """Return the next frame of this type, leaving out heartbeats and others."""
        while (frame := await self.next(within=within))["type"] != type_:
            pass
        return frame

    async def hear_seqs(self, number: int) -> list[int]:
        """Return the ``seq`` of the next durable frames."""
        seqs: list[int] = []
        while len(seqs) < number:
            frame = await self.next()
            if "seq" in frame:
                seqs.append(frame["seq"])
        return seqs

    async def is_silent(self, *, during: float = 0.2) -> bool:
        """Return whether nothing comes."""
        return bool(await self._communicator.receive_nothing(timeout=during))

    async def code(self, *, within: float = PATIENCE) -> int | None:
        """Wait for the close and return its code."""
        try:
            while True:
                await self.next(within=within)
        except ClosedError as closed:
            return closed.code

    async def hello(self, **fields: Any) -> Frame:
        """Say hello and be welcomed."""
        await self.send(type="hello", v=1, **fields)
        return await self.receive("welcome")

    async def follow(self, topic: str, **fields: Any) -> Frame:
        """Follow a topic."""
        await self.send(type="follow", topic=topic, **fields)
        return await self.receive("following")


@asynccontextmanager
async def connected(
    *,
    token: str | None = None,
    headers: tuple[tuple[bytes, bytes], ...] = (),
    path: str = STAFF,
    application: Any = sockets,
) -> AsyncIterator[Line]:
    """Connect; with a ``token``, say hello, too. A refused handshake raises ``ClosedError``."""
    communicator = WebsocketCommunicator(application, path, [HOST, *headers])
    is_open, code = await communicator.connect(timeout=PATIENCE)
    if not is_open:
        raise ClosedError(code)
    line = Line(communicator)
    try:
        if token is not None:
            await line.hello(token=token)
        yield line
    finally:
        await communicator.disconnect(timeout=PATIENCE)
