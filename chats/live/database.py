"""The database, used from the event loop: through a few threads that keep their connections."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)

T = TypeVar("T")
PAUSES = (0.1, 0.5, 2.0)
"""Seconds to wait before a transaction that the database did not take is tried again."""


class Database:
    """Runs transactions in threads; each is either tried again as a whole or fails."""

    def __init__(self, size: int = 8, *, name: str = "parley-database") -> None:
        """Use ``size`` threads called ``name``, and so as many connections at most."""
        self._size = size
        self._threads = ThreadPoolExecutor(size, thread_name_prefix=name)

    async def __call__(self, work: Callable[[], T]) -> T:
        """Run ``work``, again if the database was away: it must be one transaction."""
        return await self._run(partial(_patiently, work))

    async def once(self, work: Callable[[], T]) -> T:
        """Run ``work`` once, whatever happens."""
        return await self._run(partial(_carefully, work))

    def close(self) -> None:
        """Close all connections and end the threads."""
        barrier = Barrier(self._size)
        for _ in range(self._size):
            self._threads.submit(_hang_up, barrier)
        self._threads.shutdown()

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _patiently(work: Callable[[], T]) -> T:
    for pause in PAUSES:
        try:
            return _carefully(work)
        except (OperationalError, InterfaceError) as error:
            logger.warning("The database did not take it, again in %s s: %s", pause, error)
            time.sleep(pause)
    return _carefully(work)


def _carefully(work: Callable[[], T]) -> T:
    """Run ``work`` and drop a connection that broke on the way."""
    try:
        return work()
    except (OperationalError, InterfaceError):
        connection.close()
        raise


def _hang_up(barrier: Barrier) -> None:
    """Close this thread's connection; the barrier makes every thread do so once."""
    connection.close()
    try:
        barrier.wait(timeout=1)
    except BrokenBarrierError:
        logger.debug("A thread ended before the others")
