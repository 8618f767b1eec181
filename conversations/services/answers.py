"""Answers in progress, which the layer above writes."""

from datetime import datetime
from uuid import UUID

from channels_layer.access.actors import Actor
from conversations.models import Conversation
from conversations.signals import stop_requested


def stop(*, conversation: Conversation, run: UUID, by: Actor, at: datetime) -> None:
    """Stop the answer that ``run`` writes in a conversation."""
    stop_requested.send(Conversation, conversation=conversation, run=run, by=by, at=at)
