"""Draining: how a web process closes its sockets, the same on every server."""

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import TypeVar

Socket = TypeVar("Socket")

# The supervisor ends by force what has not ended within 8 s.
DRAIN_SECONDS = 7.0
JITTER_SECONDS = 3.0
# A connection that a proxy opened at the last moment gets this long to send its request.
LAST_REQUESTS_SECONDS = 0.5

REFUSAL = b'{"code":"unavailable","detail":"This process is about to stop."}'


async def one_after_the_other(
    sockets: Sequence[Socket], send_away: Callable[[Socket], object]
) -> None:
    """Close sockets one after the other, so that clients do not all come back at once."""
    waiting = list(sockets)
    random.shuffle(waiting)
    for socket in waiting:
        await asyncio.sleep(random.uniform(0, JITTER_SECONDS / len(waiting)))  # noqa: S311
        send_away(socket)
