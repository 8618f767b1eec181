"""The parts of a new message that leave for a customer who reads elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from channels_layer.work.jobs import enqueue
from conversations import transports
from conversations.models import Attachment, AuthorKind, Conversation, Delivery, Message

STOPPED = frozenset({"superseded", "cancelled"})
"""Reasons of stopped answers, which are never sent to the customer."""
SENT_CHANGES = frozenset({"cut_off"})
"""Changes whose system lines are sent to a customer elsewhere as well."""

Parts = list[dict[str, Any]]


def parts_of(
    conversation: Conversation,
    message: Message,
    files: Sequence[Attachment],
    template: Mapping[str, Any] | None,
) -> Parts:
    """Return the parts to send of a message that is about to be written, and set its status."""
    transport = transports.transport_of(conversation)
    if not transport.delivers or not _is_outward(message):
        return []
    if message.error in STOPPED:
        message.status = Message.Status.FAILED
        return []
    message.status = Message.Status.QUEUED
    return transport.parts(conversation, message, files, template)


def queue(conversation: Conversation, message: Message, parts: Parts, *, at: datetime) -> None:
    """Write the deliveries of a message in its own transaction, and hint at them."""
    for number, content in enumerate(parts):
        Delivery.objects.create(
            conversation=conversation,
            message=message,
            part=number,
            content=content,
            next_at=at,
            created_at=at,
            changed_at=at,
        )
    if parts:
        enqueue("conversations.deliver", conversation=conversation.pk)


def _is_outward(message: Message) -> bool:
    if message.author_kind == AuthorKind.CUSTOMER or not message.is_public:
        return False
    return message.kind == Message.Kind.MESSAGE or message.change in SENT_CHANGES
