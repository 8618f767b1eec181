"""Viewers: clients that stay on a topic whatever happens, and take notes."""

import asyncio
import random
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.drills.shop import RECOVERY
from tests.journeys import client as contract

FIRST_DELAY = 0.5
"""What a client waits at most before it comes again: the page's own figure."""


@dataclass
class Viewer:
    """Follows a topic, comes again whenever it is sent away, and takes notes."""

    url: str
    key: str
    topic: str
    trust: ssl.SSLContext | None = None
    head: int = 0
    seen: list[int] = field(default_factory=list)
    codes: list[int | None] = field(default_factory=list)
    away: list[float] = field(default_factory=list)
    lost_at: float | None = None
    is_there: asyncio.Event = field(default_factory=asyncio.Event)

    async def stay(self) -> None:
        """Follow until cancelled."""
        while True:
            url = f"{self.url}/ws/v1/"
            async with connect(url, compression=None, ssl=self.trust) as socket:
                with suppress(ConnectionClosed):
                    await socket.send(_text(type="hello", v=1, token=self.key))
                    await socket.send(_text(type="follow", topic=self.topic, after=self.head))
                    async for frame in socket:
                        self._take(orjson.loads(frame))
            self.is_there.clear()
            self.lost_at = self.lost_at or time.monotonic()
            self.codes.append(socket.close_code)
            await asyncio.sleep(random.uniform(0, FIRST_DELAY))  # noqa: S311

    def _take(self, frame: contract.Json) -> None:
        if frame["type"] == "following":
            self.is_there.set()
            if self.lost_at is not None:
                self.away.append(time.monotonic() - self.lost_at)
                self.lost_at = None
        if frame.get("topic") == self.topic and "seq" in frame:
            self.head = frame["seq"]
            self.seen.append(frame["seq"])


@asynccontextmanager
async def at_once(viewers: list[Viewer]) -> AsyncIterator[None]:
    """Let all follow during the block; one that fails fails the drill."""
    staying = [asyncio.create_task(viewer.stay()) for viewer in viewers]
    yield
    await asyncio.sleep(1)
    failed = [task.exception() for task in staying if task.done()]
    for task in staying:
        task.cancel()
    await asyncio.gather(*staying, return_exceptions=True)
    assert failed == []


async def everybody(viewers: list[Viewer]) -> None:
    """Wait until all of them follow."""
    async with asyncio.timeout(RECOVERY):
        await asyncio.gather(*(viewer.is_there.wait() for viewer in viewers))


def _text(**frame: object) -> str:
    return orjson.dumps(frame).decode()
