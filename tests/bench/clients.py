"""Clients that cost little: what measures shares the cores with what is measured.

A client of a library costs a tenth of a millisecond per frame and a millisecond per request, which
is what the servers cost; these parse what is needed here and nothing else.
"""

import asyncio
import os
from base64 import b64encode
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar, cast

import orjson
import uvloop

from tests.servers.waiting import awhile

HOST = "127.0.0.1"
END = b"\r\n\r\n"
PATIENCE = 60.0
CLOSING = 0.05
# Opcodes and lengths of RFC 6455.
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
FINAL = 0x80
MASKED = 0x80
SHORT = 126

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run ``work`` on a loop that costs little, until its connections are closed."""

    async def until_closed() -> Result:
        result = await work
        await awhile(CLOSING)
        return result

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(until_closed())


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    body: bytes

    def json(self) -> Any:
        """Return the body, parsed; the answer has to be a success."""
        assert self.status < HTTPStatus.BAD_REQUEST, self.body
        return orjson.loads(self.body)


class HttpClient:
    """One connection that is kept and takes one request after the other."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        headers: Mapping[str, str],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._headers = headers

    @classmethod
    async def open(cls, port: int, headers: Mapping[str, str] | None = None) -> "HttpClient":
        """Connect; every request will bear ``headers``."""
        reader, writer = await asyncio.open_connection(HOST, port)
        return cls(reader, writer, {"Host": f"{HOST}:{port}", **(headers or {})})

    def close(self) -> None:
        """End the connection."""
        self._writer.close()

    async def post(
        self, path: str, body: object, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a POST with JSON and read the answer."""
        given = {"Content-Type": "application/json", **(headers or {})}
        return await self.request("POST", path, orjson.dumps(body), given)

    async def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request and read the answer, which states its length."""
        self._writer.write(
            _head(f"{method} {path}", {**self._headers, **(headers or {})}, body) + body
        )
        head = await asyncio.wait_for(self._reader.readuntil(END), PATIENCE)
        first, *lines = head.decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
        answered = await self._reader.readexactly(int(fields["content-length"]))
        return Answer(int(first.split()[1]), answered)


class Socket(asyncio.Protocol):
    """A WebSocket that hands every text frame, as bytes, to ``on_text``."""

    def __init__(self, on_text: Callable[[bytes], None]) -> None:
        self._on_text = on_text
        self._buffer = bytearray()
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self.code: int | None = None

    @classmethod
    async def open(
        cls,
        port: int,
        path: str,
        on_text: Callable[[bytes], None],
        headers: Mapping[str, str] | None = None,
    ) -> "Socket":
        """Connect and wait until the server has agreed."""
        loop = asyncio.get_running_loop()
        transport, socket = await loop.create_connection(lambda: cls(on_text), HOST, port)
        upgrade = {
            "Host": f"{HOST}:{port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": b64encode(os.urandom(16)).decode(),
            **(headers or {}),
        }
        transport.write(_head(f"GET {path}", upgrade))
        await asyncio.wait_for(socket._opened, PATIENCE)
        return socket

    def send(self, text: bytes) -> None:
        """Send a text frame."""
        self._write(TEXT, text)

    def close(self) -> None:
        """Cut the connection."""
        assert self._transport
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail who waits for the server's consent."""
        if not self._opened.done():
            self._opened.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        """Read the answer to the handshake, then frames."""
        buffer = self._buffer
        buffer += data
        if not self._opened.done() and not self._shake_hands():
            return
        at = 0
        while (frame := _frame(buffer, at)) is not None:
            opcode, start, at = frame
            self._take(opcode, bytes(buffer[start:at]))
        del buffer[:at]

    def _shake_hands(self) -> bool:
        end = self._buffer.find(END)
        if end < 0:
            return False
        first = bytes(self._buffer[: self._buffer.find(b"\r")])
        if first.split()[1] != b"101":
            self._opened.set_exception(ConnectionRefusedError(first.decode("latin-1")))
            return False
        del self._buffer[: end + len(END)]
        self._opened.set_result(None)
        return True

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self._on_text(payload)
        elif opcode == PING:
            self._write(PONG, payload)
        elif opcode == CLOSE:
            self.code = int.from_bytes(payload[:2], "big")

    def _write(self, opcode: int, payload: bytes) -> None:
        assert self._transport
        size = len(payload)
        if size < SHORT:
            length = bytes([MASKED | size])
        else:
            length = bytes([MASKED | SHORT]) + size.to_bytes(2, "big")
        # A client has to mask; with zeros it may do so without computing.
        self._transport.write(bytes([FINAL | opcode]) + length + bytes(4) + payload)


def _frame(buffer: bytearray, at: int) -> tuple[int, int, int] | None:
    """Return opcode, begin and end of the frame at ``at``, or None while it is not whole."""
    if len(buffer) < at + 2:
        return None
    first, size = buffer[at], buffer[at + 1]
    assert first & FINAL, "fragments are sent by none of the servers"
    start = at + 2
    if size >= SHORT:
        width = 2 if size == SHORT else 8
        size = int.from_bytes(buffer[start : start + width], "big")
        start += width
    end = start + size
    return (first & 0xF, start, end) if len(buffer) >= end else None


def _head(first: str, fields: Mapping[str, str], body: bytes = b"") -> bytes:
    lines = [f"{first} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + END
