"""Files of messages: attach them, and have those of customers read."""

from collections.abc import Sequence
from datetime import datetime

from channels_layer.work.jobs import enqueue
from conversations.files import documents
from conversations.models import Attachment, AuthorKind, Message, Reading

READ = frozenset({Attachment.Kind.IMAGE, Attachment.Kind.AUDIO})
"""Kinds of which every file is read; of documents only some are."""


def attach(message: Message, attachments: Sequence[Attachment], *, at: datetime) -> None:
    """Attach ``attachments`` to a message that was just written."""
    for order, attachment in enumerate(attachments):
        attachment.message = message
        attachment.conversation_id = message.conversation_id
        attachment.order = order
        attachment.save(update_fields=["message", "conversation", "order"])
        want_reading(attachment, at=at)


def want_reading(attachment: Attachment, *, at: datetime) -> None:
    """Queue the reading of a customer's file that has arrived; calling it twice does no harm."""
    message = attachment.message
    if (
        message is None
        or message.author_kind != AuthorKind.CUSTOMER
        or not _can_be_read(attachment)
    ):
        return
    Reading.objects.get_or_create(attachment=attachment, defaults={"next_at": at, "created_at": at})
    enqueue("chats.read_attachment", attachment=attachment.pk)


def _can_be_read(attachment: Attachment) -> bool:
    if attachment.status != Attachment.Status.READY:
        return False
    return attachment.kind in READ or documents.is_readable(attachment.content_type)
