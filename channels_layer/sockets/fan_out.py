"""Fan-out: rooms send to their followers in short slices, between which all else has its turn."""

import asyncio
import logging
from collections import deque

from channels_layer.sockets.rooms import Room

logger = logging.getLogger(__name__)

AT_ONCE = 25
"""Followers of a room that are sent to before it is another room's turn."""
SLICE_SECONDS = 0.002


class FanOut:
    """Lets the rooms of one event loop that have something to send do so in turn."""

    def __init__(self) -> None:
        """Begin with nothing to send."""
        self._loop = asyncio.get_running_loop()
        self._rooms: deque[Room] = deque()
        self._known: set[Room] = set()
        self._is_due = False

    def add(self, room: Room) -> None:
        """Let ``room`` send when it is its turn."""
        if room not in self._known:
            self._known.add(room)
            self._rooms.append(room)
        if not self._is_due:
            self._is_due = True
            self._loop.call_soon(self._slice)

    def _slice(self) -> None:
        end = self._loop.time() + SLICE_SECONDS
        while self._rooms:
            room = self._rooms.popleft()
            if _advances(room):
                self._rooms.append(room)
            else:
                self._known.discard(room)
            if self._loop.time() >= end:
                break
        self._is_due = bool(self._rooms)
        if self._is_due:
            self._loop.call_soon(self._slice)


def _advances(room: Room) -> bool:
    try:
        return room.advance(AT_ONCE)
    except Exception:
        logger.exception("What came for %s could not be sent", room.topic)
        return room.is_sending
