"""Receivers of the signals of conversations."""

from datetime import datetime
from typing import Any

from chats.services import cancellations
from conversations.models import Conversation


def end_answer(*, conversation: Conversation, at: datetime, **signal: Any) -> None:
    """End the live run, since the assistant was muted."""
    del signal
    cancellations.supersede(conversation, at)
