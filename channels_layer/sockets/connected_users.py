"""Connected users: which people have a socket open, reported every 20 s to the listeners."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime

logger = logging.getLogger(__name__)

EVERY = 20.0
"""Seconds between two reports."""

Listener = Callable[[Collection[str], datetime], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call ``listener(references, at)`` when people come, and every 20 s while they are there.

    ``references`` are names such as ``user:5``; it runs in a thread of the hub and may use the
    database. Leaving is not reported: such a person is no longer named.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def report(references: Collection[str], at: datetime) -> None:
    """Call all listeners with who is there; one that fails keeps no other from being called."""
    for listener in _listeners:
        try:
            listener(references, at)
        except Exception:
            logger.exception("A listener to the connected users failed")
