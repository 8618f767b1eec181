"""What the tests talk about: notes (a durable topic) on a board (a summary topic)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection, transaction

from channels_layer.access.actors import Actor
from channels_layer.log import events
from tests.factories import NOON

NOTE = "note:1"


@dataclass
class Board:
    """Who may see it, and the rows that changed."""

    closed: set[str] = field(default_factory=set)
    rows: list[dict[str, Any]] = field(default_factory=list)
    asked_since: list[datetime] = field(default_factory=list)

    def may_follow(self, actor: Actor, id_: str) -> bool:
        """Everybody may follow what is not closed."""
        return bool(actor) and id_ not in self.closed

    def recent(self, since: datetime) -> Iterable[dict[str, Any]]:
        """Return all rows, and record ``since``."""
        self.asked_since.append(since)
        return [{"type": "row", "data": row} for row in self.rows]


def say_now(*texts: str, topic: str = NOTE, type_: str = "said") -> int:
    """Publish, each in its transaction; return the last ``seq``."""
    seq = 0
    for text in texts:
        with transaction.atomic():
            seq = events.publish(topic=topic, type=type_, data={"text": text}, at=NOON)
    return seq


async def say(*texts: str, topic: str = NOTE, type_: str = "said") -> int:
    """Publish from a thread, as a request does."""
    return int(await in_thread(say_now, *texts, topic=topic, type_=type_))


async def in_thread(function: Any, *args: Any, **kwargs: Any) -> Any:
    """Call what uses the database, and close its connection."""

    def call() -> Any:
        try:
            return function(*args, **kwargs)
        finally:
            # Channels' own helper leaves it open while a test listens to a socket.
            connection.close()

    return await sync_to_async(call)()
