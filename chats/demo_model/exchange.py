"""An exchange: one HTTP request and its response, over ASGI."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

import orjson

from chats.demo_model.log import Entry

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class DropConnectionError(Exception):
    """Raised to break the connection in the middle of a response."""


class Exchange:
    """One request being answered."""

    def __init__(self, scope: Message, receive: Receive, send: Send, entry: Entry) -> None:
        """Answer the request of ``scope`` and note its times in ``entry``."""
        self.scope = scope
        self.entry = entry
        self.body = b""
        self._receive = receive
        self._send = send

    def header(self, name: str) -> str:
        """Give the request's header ``name`` (in lower case), empty if absent."""
        wanted = name.encode()
        return next((v.decode("latin-1") for k, v in self.scope["headers"] if k == wanted), "")

    async def load(self) -> None:
        """Read the whole ``body`` of the request."""
        more = True
        while more:
            message = await self._receive()
            self.body += message.get("body", b"")
            more = message.get("more_body", False)

    async def closed(self) -> None:
        """Return when the client has closed its connection, and note when."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if self.entry.finished is None:
            self.entry.closed = monotonic()

    async def start(self, content_type: str, status: int = 200, **headers: str) -> None:
        """Send the status line and the headers; ``retry_after`` becomes ``retry-after``."""
        self.entry.status = status
        pairs = [(b"content-type", content_type.encode())]
        pairs += [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})

    async def write(self, data: bytes) -> None:
        """Send a part of the body."""
        if self.entry.first_byte is None:
            self.entry.first_byte = monotonic()
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def finish(self, data: bytes = b"") -> None:
        """Send the last part of the body."""
        if data and self.entry.first_byte is None:
            self.entry.first_byte = monotonic()
        self.entry.finished = monotonic()
        await self._send({"type": "http.response.body", "body": data})

    async def json(self, data: Any, status: int = 200, **headers: str) -> None:
        """Answer with ``data`` as JSON."""
        body = orjson.dumps(data)
        await self.start("application/json", status, content_length=str(len(body)), **headers)
        await self.finish(body)

    async def error(self, status: int, message: str, **headers: str) -> None:
        """Answer with an error in OpenAI's form."""
        error = {"message": message, "type": "demo_error", "code": str(status)}
        await self.json({"error": error}, status, **headers)
