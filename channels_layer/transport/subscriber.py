"""How a server process receives frames: one subscription for all, and a report of outages."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from redis.asyncio.client import PubSub

from channels_layer.transport import broadcast, redis_clients
from channels_layer.transport.broadcast import CONTROL, Listener

logger = logging.getLogger(__name__)

CONFIRMED_WITHIN = 1.0
SILENCE = 5.0
LONGEST_SILENCE = 12.0
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0

Restored = Callable[[float], Awaitable[None]]


class Subscriber(Protocol):
    """Calls its listener for every payload on the channels that were added."""

    lost_at: float | None
    """Since when, by the loop's clock, frames may be missing; nothing when all is well."""

    async def start(self) -> None:
        """Begin to listen to the control channel."""

    async def stop(self) -> None:
        """Listen no more."""

    async def add(self, channel: str) -> None:
        """Listen to ``channel``, too; returns once nothing can be missed any more, or after 1 s."""

    async def remove(self, channel: str) -> None:
        """Listen to it no more."""


def make(listener: Listener, restored: Restored) -> Subscriber:
    """Return the subscriber of this deployment; call ``restored(lost_at)`` after an outage."""
    if redis_clients.url():
        return RedisSubscriber(listener, restored)
    return LocalSubscriber(listener)


class LocalSubscriber:
    """Receives what its own process sends; for tests and deployments with one process."""

    def __init__(self, listener: Listener) -> None:
        """Keep the listener."""
        self.lost_at: float | None = None
        self._listener = listener
        self._channels = {CONTROL}

    async def start(self) -> None:
        """Begin."""
        broadcast.listen_here(self._receive)

    async def stop(self) -> None:
        """End."""
        broadcast.stop_listening(self._receive)

    async def add(self, channel: str) -> None:
        """Listen to ``channel``, too."""
        self._channels.add(channel)

    async def remove(self, channel: str) -> None:
        """Listen to it no more."""
        self._channels.discard(channel)

    def _receive(self, channel: str, payload: bytes) -> None:
        if channel in self._channels:
            self._listener(channel, payload)


class RedisSubscriber:
    """One connection that is made anew, with all its channels, as often as it breaks."""

    def __init__(self, listener: Listener, restored: Restored) -> None:
        """Keep whom to call."""
        self.lost_at: float | None = None
        self._listener = listener
        self._restored = restored
        self._wanted = {CONTROL}
        self._confirmed: dict[str, asyncio.Event] = {}
        self._was_whole = False
        self._pubsub: PubSub | None = None
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._telling: asyncio.Future[None] | None = None

    async def start(self) -> None:
        """Begin; without Redis it goes on trying."""
        self.lost_at = asyncio.get_running_loop().time()
        self._task = asyncio.create_task(self._run())
        await self._until_confirmed(CONTROL)

    async def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def add(self, channel: str) -> None:
        """Listen to ``channel``, too."""
        self._wanted.add(channel)
        await self._tell(channel, is_wanted=True)
        await self._until_confirmed(channel)

    async def remove(self, channel: str) -> None:
        """Listen to it no more."""
        self._wanted.discard(channel)
        self._confirmed.pop(channel, None)
        await self._tell(channel, is_wanted=False)

    async def _tell(self, channel: str, *, is_wanted: bool) -> None:
        pubsub = self._pubsub
        if pubsub is None:
            return
        verb = pubsub.subscribe if is_wanted else pubsub.unsubscribe
        # What fails here fails in the reading loop, too, which then makes all anew.
        with contextlib.suppress(*redis_clients.FAILURES):
            async with self._writing:
                await verb(redis_clients.name(channel))

    async def _until_confirmed(self, channel: str) -> None:
        event = self._confirmed.setdefault(channel, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), CONFIRMED_WITHIN)

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            self._was_whole = False
            try:
                await self._follow()
            except redis_clients.FAILURES as error:
                self._broken(error)
            except Exception as error:
                logger.exception("The subscription to Redis failed")
                self._broken(error)
            pause = FIRST_PAUSE if self._was_whole else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    def _broken(self, error: Exception) -> None:
        if self.lost_at is None:
            self.lost_at = asyncio.get_running_loop().time()
            logger.warning("The subscription to Redis is broken: %s", error)

    async def _follow(self) -> None:
        async with redis_clients.async_client() as client, client.pubsub() as pubsub:
            for event in self._confirmed.values():
                event.clear()
            # Who adds a channel from here on waits for the lock and subscribes to it by itself.
            self._pubsub = pubsub
            names = {redis_clients.name(channel) for channel in self._wanted}
            try:
                async with self._writing:
                    await pubsub.subscribe(*names)
                await self._listen(pubsub, names)
            finally:
                self._pubsub = None

    async def _listen(self, pubsub: PubSub, unconfirmed: set[str]) -> None:
        """Receive until nothing came for too long; raises when the connection breaks."""
        loop = asyncio.get_running_loop()
        heard_at = loop.time()
        while loop.time() - heard_at < LONGEST_SILENCE:
            message = await pubsub.get_message(timeout=SILENCE)
            if message is None:
                async with self._writing:
                    await pubsub.ping()
                continue
            heard_at = loop.time()
            if message["type"] == "message":
                self._receive(message["channel"].decode(), message["data"])
            elif message["type"] == "subscribe":
                await self._confirm(message["channel"].decode(), unconfirmed)
        self._broken(TimeoutError("Nothing was received for too long."))

    def _receive(self, name: str, payload: bytes) -> None:
        channel = name.removeprefix(redis_clients.name(""))
        try:
            self._listener(channel, payload)
        except Exception:
            logger.exception("A frame of %s could not be handed on", channel)

    async def _confirm(self, name: str, unconfirmed: set[str]) -> None:
        unconfirmed.discard(name)
        channel = name.removeprefix(redis_clients.name(""))
        self._confirmed.setdefault(channel, asyncio.Event()).set()
        if not unconfirmed and self.lost_at is not None:
            lost_at, self.lost_at, self._was_whole = self.lost_at, None, True
            self._telling = asyncio.ensure_future(self._restored(lost_at))
