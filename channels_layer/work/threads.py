"""Threads for work on the database: a few, bounded, each with a connection that it keeps."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import structlog
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    InterfaceError,
    OperationalError,
    connections,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import translation

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

IDLE_SECONDS = 30.0


class DatabaseThreads:
    """Runs plain functions for an event loop, in its language and with what its log lines carry.

    What finds all threads at work waits its turn.
    """

    def __init__(self, size: int, *, name: str, pauses: Sequence[float] = ()) -> None:
        """Use ``size`` threads called ``name``, and so as many connections at most.

        ``pauses`` are the seconds before each further try of what the database did not take.
        No thread starts before the first call.
        """
        self._size = size
        self._name = name
        self._pauses = tuple(pauses)
        self._threads = _Threads(size, name)
        self._running = 0
        self._used_at = time.monotonic()

    async def run(self, work: Callable[..., Answer], *args: Any) -> Answer:
        """Call ``work``, again if the database was away: it must bear being repeated."""
        return await self._submit(self._pauses, work, args)

    async def run_once(self, work: Callable[..., Answer], *args: Any) -> Answer:
        """Call ``work`` a single time, whatever happens."""
        return await self._submit((), work, args)

    async def rest(self) -> None:
        """Close the connections when nothing was done for a while."""
        if not self._running and time.monotonic() - self._used_at > IDLE_SECONDS:
            await self.close()

    async def close(self) -> None:
        """Wait for running calls and close all connections; a later call starts anew."""
        await asyncio.get_running_loop().run_in_executor(None, self._renewed().end)

    def end(self) -> None:
        """Close all connections as ``close`` does, once the event loop has stopped."""
        self._renewed().end()

    def _renewed(self) -> "_Threads":
        """Return the threads, which no later call uses."""
        threads, self._threads = self._threads, _Threads(self._size, self._name)
        return threads

    async def _submit(
        self, pauses: Sequence[float], work: Callable[..., Answer], args: tuple[Any, ...]
    ) -> Answer:
        self._running += 1
        try:
            loop, threads = asyncio.get_running_loop(), self._threads
            carried = structlog.contextvars.get_contextvars()
            same = partial(_as_there, translation.get_language(), carried, work)
            return await loop.run_in_executor(threads.pool, threads.call, pauses, same, args)
        finally:
            self._running -= 1
            self._used_at = time.monotonic()


class _Threads:
    """Some threads and the connections that they opened."""

    def __init__(self, size: int, name: str) -> None:
        self.pool = ThreadPoolExecutor(size, thread_name_prefix=name)
        self._connections: dict[int, BaseDatabaseWrapper] = {}

    def call(
        self, pauses: Sequence[float], work: Callable[..., Answer], args: tuple[Any, ...]
    ) -> Answer:
        connection = connections[DEFAULT_DB_ALIAS]
        self._connections[threading.get_ident()] = connection
        for pause in pauses:
            try:
                return _carefully(connection, work, args)
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database did not take it, again in %s s: %s", pause, error)
                time.sleep(pause)
        return _carefully(connection, work, args)

    def end(self) -> None:
        self.pool.shutdown()
        for connection in self._connections.values():
            connection.inc_thread_sharing()
            connection.close()
            connection.dec_thread_sharing()


def _as_there(
    language: str | None, carried: dict[str, Any], work: Callable[..., Answer], *args: Any
) -> Answer:
    with translation.override(language), structlog.contextvars.bound_contextvars(**carried):
        return work(*args)


def _carefully(
    connection: BaseDatabaseWrapper, work: Callable[..., Answer], args: tuple[Any, ...]
) -> Answer:
    """Call ``work`` and drop a connection that broke on the way."""
    try:
        return work(*args)
    except (DatabaseError, InterfaceError):
        connection.close()
        raise
