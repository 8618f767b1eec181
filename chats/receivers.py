"""What the chats do when something happens to a conversation."""

from datetime import datetime
from typing import Any

from chats.services import cancellations
from conversations.models import Conversation


def end_answer(*, conversation: Conversation, at: datetime, **signal: Any) -> None:
    """End the answer that is being written, for the assistant was muted."""
    del signal
    cancellations.supersede(conversation, at)
