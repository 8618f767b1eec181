"""Receivers of the signals of the core."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from channels_layer.signals import users_connected
from handoff import presence


def connect() -> None:
    """Connect the receivers."""
    users_connected.connect(note_presence)


def note_presence(*, references: Collection[str], at: datetime, **signal: Any) -> None:
    """Set people online who have a socket open."""
    del signal
    presence.seen(references, at)
