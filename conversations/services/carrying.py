"""Carrying: what becomes of files once a message has them."""

from collections.abc import Sequence

from conversations.models import Attachment, Message


def give_to(message: Message, attachments: Sequence[Attachment]) -> None:
    """Let a message that was just written carry ``attachments``."""
    for order, attachment in enumerate(attachments):
        attachment.message = message
        attachment.conversation_id = message.conversation_id
        attachment.order = order
        attachment.save(update_fields=["message", "conversation", "order"])
