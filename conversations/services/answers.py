"""Answers in progress: the layer above writes them and registers here how one is stopped."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from channels_layer.access.actors import Actor
from conversations.models import Conversation


class Stop(Protocol):
    """Stops the run that writes an answer; ``NotFoundError`` if it is none of the conversation."""

    def __call__(self, *, conversation: Conversation, run: UUID, by: Actor, at: datetime) -> None:
        """Request the stop."""


_stops: list[Stop] = []


def register_stop(stop: Stop) -> None:
    """Register how the layer that writes answers stops one."""
    _stops.append(stop)


def stop(*, conversation: Conversation, run: UUID, by: Actor, at: datetime) -> None:
    """Stop the answer that ``run`` writes in a conversation."""
    for one in _stops:
        one(conversation=conversation, run=run, by=by, at=at)
