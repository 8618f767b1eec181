"""A hostile way to a server on loopback: it cuts, falls silent, dawdles and feeds byte by byte."""

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from functools import partial

from channels_layer.sockets.background import Background

_RESET = struct.pack("ii", 1, 0)
_SILENCE = 0.7
_LONGEST_PAUSE = 0.2

Forward = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class HostileProxy:
    """Passes connections on to a port; each one meets a fate, until the proxy is calm."""

    def __init__(self, target: int, seed: int) -> None:
        self.port = 0
        self.is_calm = False
        self.cut = 0
        self._target = target
        self._random = random.Random(seed)  # noqa: S311 - no secret
        # It holds the tasks: a loop refers only weakly to those who wait for a stream.
        self._connections = Background()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["HostileProxy"]:
        """Serve until the block ends."""
        server = await asyncio.start_server(self._begin, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await self._connections.end()

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.spawn(self._take(reader, writer))

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", self._target)
            passing = asyncio.create_task(_pass(reader, upstream, _whole))
            try:
                if self.is_calm:
                    await _pass(upstream_reader, writer, _whole)
                else:
                    await self._spoil(upstream_reader, writer)
            finally:
                passing.cancel()
                for end in (writer, upstream):
                    _reset(end)

    async def _spoil(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Let some bytes pass in one of the bad ways, then cut or fall silent before."""
        self.cut += 1
        budget = self._random.choice([0, 100, 600, 1500, 4000, 12_000])
        ways: list[Forward] = [_whole, _byte_by_byte, partial(_dawdling, self._random)]
        seconds = self._random.uniform(0.2, 2.0)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await _pass(reader, writer, self._random.choice(ways), budget)
        if self._random.random() < 0.25:
            await asyncio.sleep(_SILENCE)


async def _pass(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    forward: Forward,
    budget: int | None = None,
) -> None:
    """Pass on what comes, at most ``budget`` bytes."""
    passed = 0
    with suppress(OSError):
        while budget is None or passed < budget:
            piece = await reader.read(65_536 if budget is None else budget - passed)
            if not piece:
                return
            await forward(piece, writer)
            passed += len(piece)


async def _whole(piece: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(piece)
    await writer.drain()


async def _byte_by_byte(piece: bytes, writer: asyncio.StreamWriter) -> None:
    for number in piece:
        writer.write(bytes([number]))
        await writer.drain()
        await asyncio.sleep(0)


async def _dawdling(chance: random.Random, piece: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(chance.uniform(0, _LONGEST_PAUSE))
    await _whole(piece, writer)


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection without a goodbye."""
    with suppress(OSError):
        opened: socket.socket = writer.get_extra_info("socket")
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
