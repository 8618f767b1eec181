"""Many sockets on one conversation."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

SOCKETS = int(os.environ.get("BENCH_SOCKETS", "1000"))
AT_ONCE = 50
"""Sockets that are opened beside each other."""

Opened = TypeVar("Opened")


async def opened(open_one: Callable[[], Awaitable[Opened]], count: int = SOCKETS) -> list[Opened]:
    """Open so many sockets, some at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> Opened:
        async with gate:
            return await open_one()

    return await asyncio.gather(*(one() for _ in range(count)))


Take = Callable[[bytes], None]


def together(*takes: Take) -> Take:
    """Return what hands a frame to each of several."""

    def take(payload: bytes) -> None:
        for one in takes:
            one(payload)

    return take


class Counter:
    """Counts the frames that contain a mark, at all sockets together."""

    def __init__(self, mark: bytes) -> None:
        self._mark = mark
        self._wanted = 0
        self._there = asyncio.Event()
        self.count = 0

    def take(self, payload: bytes) -> None:
        """Take a frame of any socket."""
        if self._mark in payload:
            self.count += 1
            if self.count >= self._wanted:
                self._there.set()

    async def reach(self, count: int, *, within: float) -> None:
        """Wait until so many have come since the last time; not one more may come."""
        self._wanted = count
        if self.count < count:
            self._there.clear()
            await asyncio.wait_for(self._there.wait(), within)
        assert self.count == count
        self.count = 0
