"""Receivers of the signals of conversations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from channels_layer.access.actors import Actor
from chats.services import cancellations
from conversations.models import Conversation
from conversations.signals import assistant_muted, stop_requested


def connect() -> None:
    """Connect the receivers."""
    assistant_muted.connect(end_answer)
    stop_requested.connect(stop_answer)


def end_answer(*, conversation: Conversation, at: datetime, **signal: Any) -> None:
    """End the live run, since the assistant was muted."""
    del signal
    cancellations.supersede(conversation, at)


def stop_answer(
    *, conversation: Conversation, run: UUID, by: Actor, at: datetime, **signal: Any
) -> None:
    """Stop the run that writes an answer, as its reader wants."""
    del signal
    cancellations.cancel_in(conversation=conversation, run=run, by=by, at=at)
