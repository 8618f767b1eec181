"""An exchange: one HTTP request and its response, over ASGI."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Generic, NoReturn, Self, TypeVar
from urllib.parse import parse_qs

import orjson

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class DropConnectionError(Exception):
    """Raised to break the connection in the middle of a response."""


@dataclass(kw_only=True)
class Times:
    """What is noted of a response; seconds of the machine's monotonic clock."""

    status: int | None = None
    first_byte: float | None = None
    closed: float | None = None
    finished: float | None = None


T = TypeVar("T", bound=Times)


class Exchange(Generic[T]):
    """One request being answered."""

    def __init__(self, scope: Message, receive: Receive, send: Send, entry: T) -> None:
        """Answer the request of ``scope`` and note its times in ``entry``."""
        self.scope = scope
        self.entry = entry
        self.body = b""
        self._receive = receive
        self._send = send

    def header(self, name: str) -> str:
        """Return the request's header ``name`` (in lower case), empty if absent."""
        wanted = name.encode()
        return next((v.decode("latin-1") for k, v in self.scope["headers"] if k == wanted), "")

    def query(self, name: str) -> str:
        """Return the first value of ``name`` in the query, empty if absent."""
        values = parse_qs(self.scope["query_string"].decode("latin-1")).get(name)
        return values[0] if values else ""

    async def load(self) -> None:
        """Read the whole ``body`` of the request."""
        parts = []
        more = True
        while more:
            message = await self._receive()
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        self.body = b"".join(parts)

    async def closed(self) -> None:
        """Wait until the client has closed its connection, and note when."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if self.entry.finished is None:
            self.entry.closed = monotonic()

    async def follow(self, route: Callable[[Self], Awaitable[None]]) -> None:
        """Let ``route`` answer, but no further than until the client closes."""
        await self.load()
        answering = asyncio.ensure_future(route(self))
        closing = asyncio.ensure_future(self.closed())
        await asyncio.wait({answering, closing}, return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            closing.cancel()
            answering.result()
        else:
            answering.cancel()

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

    async def give(self, data: bytes, content_type: str, status: int = 200, **headers: str) -> None:
        """Answer with ``data`` as it is."""
        await self.start(content_type, status, content_length=str(len(data)), **headers)
        await self.finish(data)

    async def json(self, data: Any, status: int = 200, **headers: str) -> None:
        """Answer with ``data`` as JSON."""
        await self.give(orjson.dumps(data), "application/json", status, **headers)

    async def cut(self) -> NoReturn:
        """Break the connection with nothing of the answer but its head."""
        await self.start("application/json", content_length="1000")
        raise DropConnectionError
