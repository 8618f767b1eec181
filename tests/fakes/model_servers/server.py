"""The server: all profiles behind one port, each as the model of its name."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

import orjson

from tests.fakes.model_servers.profiles import Profile
from tests.fakes.model_servers.refusals import Refusal
from tests.fakes.model_servers.rules import sane
from tests.fakes.model_servers.script import Saying, said
from tests.fakes.model_servers.shapes import Json
from tests.servers import waiting

_STREAM = "text/event-stream; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """A request that came, and how it was answered."""

    body: Json
    status: int
    words: str = ""
    """The refusal's body."""

    @property
    def is_refused(self) -> bool:
        """Whether the server said no, with whatever status."""
        return bool(self.words)


@dataclass
class ModelServers:
    """The running stand-in; ``log`` has the requests of each profile."""

    profiles: Mapping[str, Profile]
    port: int = 0
    log: dict[str, list[Request]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The base URL of all of them."""
        return f"http://127.0.0.1:{self.port}/v1"

    def taken(self, name: str) -> list[Request]:
        """Return the requests of ``name`` since the last time, and forget them."""
        return self.log.pop(name, [])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while length := await _length(reader):
                body = orjson.loads(await reader.readexactly(length))
                await self._answer(body, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, body: Json, writer: asyncio.StreamWriter) -> None:
        name = body["model"]
        profile = self.profiles[name]
        refusal = next((no for rule in (sane, *profile.rules) if (no := rule(body))), None)
        status = refusal.status if refusal else 200
        words = refusal.body.decode() if refusal else ""
        self.log.setdefault(name, []).append(Request(body, status, words))
        if refusal:
            await _refuse(writer, refusal)
        else:
            saying = profile.script(body) if profile.script else _said(profile, body)
            await _stream(writer, profile, saying, body)


def _said(profile: Profile, body: Json) -> Saying:
    return said(body, has_tools=profile.has_tools)


@contextmanager
def model_servers(profiles: Mapping[str, Profile]) -> Iterator[ModelServers]:
    """Run the stand-in on a loop and a thread of its own."""
    servers = ModelServers(profiles)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(servers.serve, "127.0.0.1", 0))
    servers.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield servers
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _length(reader: asyncio.StreamReader) -> int:
    """Read the head of a request; return the length of its body, 0 if there is none."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
    except asyncio.IncompleteReadError:
        return 0
    headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
    return int(headers.get("content-length", "0"))


async def _refuse(writer: asyncio.StreamWriter, refusal: Refusal) -> None:
    length = len(refusal.body)
    head = f"HTTP/1.1 {refusal.status} No\r\nContent-Type: {refusal.content_type}\r\n"
    writer.write(f"{head}Content-Length: {length}\r\n\r\n".encode() + refusal.body)
    await writer.drain()


async def _stream(
    writer: asyncio.StreamWriter, profile: Profile, saying: Saying, body: Json
) -> None:
    """Write the answer in chunks, cut as the profile says."""
    kind = "application/json" if profile.shape.as_json else _STREAM
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer.write(head.encode())
    await _wait(writer, profile)
    data = b"".join(profile.shape.streamed(saying, body))
    if profile.is_cut:
        data = data[: len(data) // 2]
    for piece in _cut(data, profile.slices):
        writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        await writer.drain()
    if profile.is_cut:
        writer.close()
    else:
        writer.write(b"0\r\n\r\n")
        await writer.drain()


async def _wait(writer: asyncio.StreamWriter, profile: Profile) -> None:
    """Read the prompt for a while, with the profile's signs of life."""
    until = time.monotonic() + profile.reads_for
    while time.monotonic() < until:
        if profile.alive:
            writer.write(b"%x\r\n%b\r\n" % (len(profile.alive), profile.alive))
            await writer.drain()
        await waiting.awhile(0.02)


def _cut(data: bytes, length: int) -> list[bytes]:
    return [data[at : at + length] for at in range(0, len(data), length)] if length else [data]
