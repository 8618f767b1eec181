"""The hub: what a process's sockets share: one subscription, one heartbeat, a few threads."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from contextvars import Context
from functools import partial
from time import monotonic
from typing import Any

from channels_layer import times
from channels_layer.access.actors import Staff, Visitor
from channels_layer.sockets import connected_users, limits, rights
from channels_layer.sockets.background import Background
from channels_layer.sockets.catchup import text_of
from channels_layer.sockets.following import Following
from channels_layer.sockets.ready import Bundle, ReadyFrame
from channels_layer.sockets.rooms import SocketPort
from channels_layer.transport import broadcast
from channels_layer.transport.broadcast import REVOKED
from channels_layer.transport.outbound import CONTROL, RESYNC, Item
from channels_layer.transport.subscription import Subscription
from channels_layer.work.threads import DatabaseThreads

logger = logging.getLogger(__name__)

THREADS = 4
PAUSES = (0.05, 0.05, 0.05)
"""Seconds before a read is tried again whose connection broke."""
MARGIN = 5.0
AT_ONCE = 50
DATABASE_PATIENCE = 5.0
FILLED_WITHIN = 2.0


class Hub:
    """The sockets of one event loop, and what has to be done for them again and again."""

    def __init__(self) -> None:
        """Begin empty; the first socket starts it."""
        self.limits = limits.current()
        # Threads of its own, so that nobody else delays a socket.
        self.database = DatabaseThreads(THREADS, name="parley-hub", pauses=PAUSES)
        self._background = Background()
        self._loop = asyncio.get_running_loop()
        self._handed: deque[Callable[[], None]] = deque()
        self._is_waking = False
        self.subscription = Subscription(self._came, partial(self._hand_over, self._restored))
        self.following = Following(self.database, self.subscription, self._background)
        self._sockets: set[SocketPort] = set()
        self._admitted: dict[SocketPort, str] = {}
        self._visitors: Counter[str] = Counter()
        self._started: asyncio.Task[None] | None = None
        self._duties: list[tuple[float, Callable[[], Awaitable[None]]]] = [
            (self.limits.heartbeat, self._heartbeat),
            (self.limits.recheck, self._recheck_all),
            (self.limits.poll_while_lost, self._poll_while_lost),
            (self.limits.linger, self._tidy),
            (connected_users.EVERY, self._report_all_connected),
        ]

    async def enter(self, socket: SocketPort) -> None:
        """Add a socket; the first one starts the hub."""
        self._sockets.add(socket)
        if self._started is None:
            # Its duties are for every socket, so they take over nothing of the first one's.
            self._started = asyncio.create_task(self._start(), context=Context())
        await asyncio.shield(self._started)

    async def leave(self, socket: SocketPort) -> None:
        """Remove a socket; the last one stops the hub."""
        self._sockets.discard(socket)
        if reference := self._admitted.pop(socket, ""):
            self._visitors.subtract([reference])
            self._visitors += Counter()
        for topic in list(socket.follows):
            self.following.unfollow(socket, topic)
        if not self._sockets:
            await self._stop()

    def admit(self, socket: SocketPort) -> bool:
        """Return whether the socket's actor may have one more here; count it if so."""
        if not isinstance(socket.actor, Visitor):
            return True
        reference = socket.actor.reference
        if self._visitors[reference] >= self.limits.visitor_sockets:
            return False
        self._visitors[reference] += 1
        self._admitted[socket] = reference
        return True

    def welcome(self, socket: SocketPort) -> None:
        """Report at once that the socket's user is connected."""
        self._background.spawn(self._report_connected([socket]))

    async def _start(self) -> None:
        await self.subscription.start(CONTROL)
        for every, duty in self._duties if self._sockets else []:
            self._background.spawn(self._repeat(every, duty))

    async def _stop(self) -> None:
        loop = asyncio.get_running_loop()
        if _hubs.get(loop) is self:
            del _hubs[loop]
        # First, or what it hands over would begin work for a hub that has ended.
        await self.subscription.stop()
        await self._background.end()
        await self.database.close()

    async def _repeat(self, every: float, duty: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(every)
            try:
                await duty()
            except Exception:
                logger.exception("A duty of the hub failed")

    def _came(self, group: str, items: list[Item]) -> None:
        # The loop may be long in coming to it.
        self._hand_over(self._receive, group, items, monotonic())

    def _hand_over(self, call: Callable[..., None], *arguments: Any) -> None:
        """Call from the layer's thread what belongs to the loop of the sockets.

        The loop is woken once for all that has come until it is awake.
        """
        self._handed.append(partial(call, *arguments))
        if not self._is_waking:
            self._is_waking = True
            self._loop.call_soon_threadsafe(self._take_handed)

    def _take_handed(self) -> None:
        # Before anything is taken, so that what comes from now on wakes the loop again.
        self._is_waking = False
        # Only so much, or a busy layer's thread would let nothing else have its turn.
        for _ in range(len(self._handed)):
            call = self._handed.popleft()
            try:
                call()
            except Exception:
                logger.exception("What the channel layer brought could not be handed on")

    def _receive(self, group: str, items: list[Item], at: float) -> None:
        if group != CONTROL:
            self.following.receive(broadcast.topic_of(group), items, at)
            return
        for verb, *arguments in items:
            if verb == RESYNC:
                self._restored(*arguments)
            elif verb == REVOKED:
                self._recheck_soon(*arguments)

    def _recheck_soon(self, reference: str) -> None:
        concerned = [one for one in self._sockets if one.actor and one.actor.reference == reference]
        self._background.spawn(rights.recheck(concerned, self.database))

    def _restored(self, seconds: float) -> None:
        self._background.spawn(self.following.refresh(seconds + MARGIN))

    async def _heartbeat(self) -> None:
        heads: dict[str, int] = {}
        window = max(self.limits.summary_window, 2 * self.limits.heartbeat)
        try:
            async with asyncio.timeout(DATABASE_PATIENCE):
                heads = await self.following.refresh(window)
            await self.following.filled(FILLED_WITHIN)
        except Exception:
            logger.exception("The heartbeat goes without the database")
        for number, socket in enumerate(list(self._sockets)):
            if socket.actor is not None:
                frame = {"type": "heads", "heads": self.following.heads_of(socket, heads)}
                socket.offer(Bundle([ReadyFrame(text_of(frame))]))
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)

    async def _recheck_all(self) -> None:
        await rights.recheck(list(self._sockets), self.database)

    async def _report_all_connected(self) -> None:
        await self._report_connected(self._sockets)

    async def _report_connected(self, sockets: Iterable[SocketPort]) -> None:
        references = {one.actor.reference for one in sockets if isinstance(one.actor, Staff)}
        if references:
            await self.database.run(connected_users.report, references, times.now())

    async def _poll_while_lost(self) -> None:
        if self.subscription.lost_at is not None:
            await self.following.refresh(2 * self.limits.poll_while_lost)

    async def _tidy(self) -> None:
        for socket in list(self._sockets):
            socket.close_if_stuck()
        await self.following.leave_empty(self.limits.linger)
        await self.database.rest()


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def current() -> Hub:
    """Return the hub of the running loop."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    return hub
