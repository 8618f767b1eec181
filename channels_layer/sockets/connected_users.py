"""Attendance: which people have a socket open, told again and again to whoever wants to know."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime

logger = logging.getLogger(__name__)

EVERY = 20.0
"""Seconds between two tellings."""

Listener = Callable[[Collection[str], datetime], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call ``listener(senders, at)`` when people come, and every 20 s while they are there.

    ``senders`` are names such as ``user:5``; it runs in a thread of the hub and may use the
    database. Nobody says that somebody left: they are no longer named.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def tell(senders: Collection[str], at: datetime) -> None:
    """Tell all listeners who is there; one that fails keeps no other from hearing."""
    for listener in _listeners:
        try:
            listener(senders, at)
        except Exception:
            logger.exception("Somebody did not hear who is there")
