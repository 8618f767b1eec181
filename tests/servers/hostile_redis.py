"""A way to Redis on which hints get lost, come twice or come late; all else passes."""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from channels_layer.sockets.background import Background

_LATEST = 0.5
"""Seconds by which a late hint is late, at most."""
_SHARE = 0.3


class HostileRedis:
    """Stands on a port of loopback before a Redis on a socket; published messages meet a fate."""

    def __init__(self, target: Path, seed: int) -> None:
        self.port = 0
        self.loses_all = False
        self.lost = 0
        self.doubled = 0
        self.delayed = 0
        self._target = target
        self._random = random.Random(seed)  # noqa: S311 - no secret
        # It holds the tasks: a loop refers only weakly to those who wait for a stream.
        self._connections = Background()

    @property
    def url(self) -> str:
        """Where the instance finds it."""
        return f"redis://127.0.0.1:{self.port}/0"

    @contextmanager
    def serving(self) -> Iterator["HostileRedis"]:
        """Serve from a thread until the block ends."""
        loop = asyncio.new_event_loop()
        server = loop.run_until_complete(asyncio.start_server(self._begin, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.spawn(self._take(reader, writer))

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            redis_reader, redis = await asyncio.open_unix_connection(self._target)
            passing = asyncio.create_task(_pass(reader, redis))
            with closing(redis), suppress(OSError, asyncio.IncompleteReadError):
                try:
                    while True:
                        self._hand_on(await _answer(redis_reader), writer)
                        await writer.drain()
                finally:
                    passing.cancel()

    def _hand_on(self, answer: bytes, writer: asyncio.StreamWriter) -> None:
        fate = self._random.random()
        if answer[:1] not in b"*>" or b"\r\n$7\r\nmessage\r\n" not in answer[:24]:
            writer.write(answer)
        elif self.loses_all or fate < _SHARE:
            self.lost += 1
        elif fate < 2 * _SHARE:
            self.doubled += 1
            writer.write(answer + answer)
        elif fate < 3 * _SHARE:
            self.delayed += 1
            late = self._random.uniform(0, _LATEST)
            asyncio.get_running_loop().call_later(late, _write, writer, answer)
        else:
            writer.write(answer)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """Read one whole answer of Redis, with all that it contains."""
    line = await reader.readuntil(b"\r\n")
    kind, number = line[:1], line[1:-2]
    if kind in b"$=!":
        return line if number == b"-1" else line + await reader.readexactly(int(number) + 2)
    parts = {b"*": 1, b"~": 1, b">": 1, b"%": 2}.get(kind, 0)
    inner = [await _answer(reader) for _ in range(parts * int(number))] if parts else []
    return line + b"".join(inner)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    writer.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    # A connection that was being accepted begins a task while the others end.
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _write(writer: asyncio.StreamWriter, answer: bytes) -> None:
    if not writer.is_closing():
        writer.write(answer)
