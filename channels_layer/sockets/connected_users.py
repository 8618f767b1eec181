"""Connected users: which people have a socket open, reported every 20 s."""

from collections.abc import Collection
from datetime import datetime

from channels_layer.signals import users_connected

EVERY = 20.0
"""Seconds between two reports."""


def report(references: Collection[str], at: datetime) -> None:
    """Send ``users_connected``; a receiver that fails is logged and keeps no other from it."""
    users_connected.send_robust(None, references=references, at=at)
