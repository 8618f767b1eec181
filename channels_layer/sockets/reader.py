"""The hub's way to the database: a few threads of its own, so that nobody else delays a socket."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    InterfaceError,
    OperationalError,
    connections,
)
from django.db.backends.base.base import BaseDatabaseWrapper

Answer = TypeVar("Answer")

WORKERS = 4
TRIES = 4
PAUSE = 0.05
IDLE_SECONDS = 30.0


class Reader:
    """Runs plain functions in its threads; each thread keeps its connection while it is used."""

    def __init__(self) -> None:
        """Start no thread before the first call."""
        self._threads = _Threads()
        self._running = 0
        self._used_at = time.monotonic()

    async def run(self, function: Callable[..., Answer], *args: Any) -> Answer:
        """Call ``function``, once more when the connection broke; it must bear being repeated."""
        return await self._submit(TRIES, function, args)

    async def run_once(self, function: Callable[..., Answer], *args: Any) -> Answer:
        """Call ``function`` a single time."""
        return await self._submit(1, function, args)

    async def rest(self) -> None:
        """Close the connections when nothing was read for a while."""
        if not self._running and time.monotonic() - self._used_at > IDLE_SECONDS:
            await self.close()

    async def close(self) -> None:
        """Wait for running calls and close everything; a later call starts anew."""
        threads, self._threads = self._threads, _Threads()
        await asyncio.get_running_loop().run_in_executor(None, threads.end)

    async def _submit(
        self, tries: int, function: Callable[..., Answer], args: tuple[Any, ...]
    ) -> Answer:
        self._running += 1
        try:
            loop, threads = asyncio.get_running_loop(), self._threads
            return await loop.run_in_executor(threads.pool, threads.call, tries, function, args)
        finally:
            self._running -= 1
            self._used_at = time.monotonic()


class _Threads:
    """Some threads and the connections that they opened."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="parley-hub")
        self._connections: dict[int, BaseDatabaseWrapper] = {}

    def call(self, tries: int, function: Callable[..., Answer], args: tuple[Any, ...]) -> Answer:
        connection = connections[DEFAULT_DB_ALIAS]
        self._connections[threading.get_ident()] = connection
        while True:
            tries -= 1
            try:
                return function(*args)
            except (OperationalError, InterfaceError):
                connection.close()
                if not tries:
                    raise
                time.sleep(PAUSE)
            except DatabaseError:
                connection.close()
                raise

    def end(self) -> None:
        self.pool.shutdown()
        for connection in self._connections.values():
            connection.inc_thread_sharing()
            connection.close()
            connection.dec_thread_sharing()
