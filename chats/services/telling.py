"""Telling: a run's events on its conversation's topic, without a new row for the inbox."""

from datetime import datetime
from typing import Any

from channels_layer import events
from conversations.models import Conversation


def publish(
    conversation: Conversation,
    type: str,  # noqa: A002 - the events' own word
    data: dict[str, Any],
    *,
    at: datetime,
) -> None:
    """Publish on the topic of a locked ``conversation``; nothing that a list shows has changed."""
    conversation.seq = events.publish(topic=conversation.topic, type=type, data=data, at=at)
    conversation.save(update_fields=["seq"])
