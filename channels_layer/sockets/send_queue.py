"""The frames that a socket still has to send: bounded, so that a slow client delays no other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from channels_layer.sockets.limits import Limits

Send = Callable[[str], Awaitable[None]]


class SendQueue:
    """A queue of ready frames and the loop that sends them."""

    def __init__(self, send: Send, limits: Limits) -> None:
        """Send by ``send``."""
        self._send = send
        self._limits = limits
        self._texts: deque[str] = deque()
        self._size = 0
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self.sending_since: float | None = None

    @property
    def is_full(self) -> bool:
        """Whether no further frame is taken."""
        limits = self._limits
        return len(self._texts) >= limits.queue_frames or self._size >= limits.queue_bytes

    def offer(self, text: str) -> bool:
        """Take ``text`` unless full; return whether it was taken."""
        if self.is_full:
            return False
        self.force(text)
        return True

    def force(self, text: str) -> None:
        """Take ``text`` in any case."""
        self._texts.append(text)
        self._size += len(text)
        self._filled.set()

    async def put(self, text: str) -> None:
        """Take ``text`` as soon as there is room."""
        while self.is_full:
            self._emptied.clear()
            await self._emptied.wait()
        self.force(text)

    def clear(self) -> None:
        """Drop all waiting frames."""
        self._texts.clear()
        self._size = 0

    async def run(self) -> None:
        """Send, for as long as the socket lives."""
        loop = asyncio.get_running_loop()
        while True:
            if not self._texts:
                self._emptied.set()
                self._filled.clear()
                await self._filled.wait()
                continue
            text = self._texts.popleft()
            self._size -= len(text)
            self.sending_since = loop.time()
            await self._send(text)
            self.sending_since = None
            if not self.is_full:
                self._emptied.set()

    async def flushed(self) -> None:
        """Wait until nothing is left to send."""
        while self._texts or self.sending_since is not None:
            self._emptied.clear()
            await self._emptied.wait()
