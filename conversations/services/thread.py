"""Writing into a locked conversation: its entries, counters, events and summary row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from channels_layer.access.actors import Actor, Key, Staff, Visitor
from channels_layer.ids import new_id
from conversations.events import (
    MESSAGE_CREATED,
    MESSAGE_UPDATED,
)
from conversations.models import Attachment, AuthorKind, Conversation, Message
from conversations.objects.message import stored_message
from conversations.services import message_files, outgoing, publishing
from conversations.signals import message_written

PREVIEW_LENGTH = 160
THREAD_FIELDS = (
    "last_position",
    "message_count",
    "turn_count",
    "customer_count",
    "last_customer_position",
    "answered_position",
    "answer_due_at",
    "window_expires_at",
    "last_message_at",
    "last_message_text",
    "last_author_kind",
    "last_author_name",
)


@dataclass(frozen=True, kw_only=True)
class Author:
    """The author that a message shows, and the actor who sent it."""

    kind: AuthorKind
    id: str = ""
    name: str = ""
    avatar: str = ""
    actor: str = "system"
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry to write: a message, a note or a system line.

    ``said_at`` is when it was said, where that was earlier and elsewhere.
    """

    author: Author
    text: str = ""
    kind: Message.Kind = Message.Kind.MESSAGE
    client_id: str | None = None
    reply_to: Message | None = None
    run_id: UUID | None = None
    error: str = ""
    change: str = ""
    detail: str = ""
    is_public: bool = True
    cards: list[dict[str, Any]] = field(default_factory=list)
    attachments: Sequence[Attachment] = ()
    template: Mapping[str, Any] | None = None
    said_at: datetime | None = None
    id: UUID = field(default_factory=new_id)


def author_of(actor: Actor) -> Author:
    """Return an actor as the author of what it writes in its own name."""
    match actor:
        case Staff():
            return Author(
                kind=AuthorKind.AGENT,
                id=str(actor.user.pk),
                name=actor.name,
                actor=actor.reference,
                user_id=actor.user.pk,
            )
        case Visitor():
            return Author(
                kind=AuthorKind.CUSTOMER,
                id=str(actor.contact_id),
                name=actor.name,
                actor=actor.reference,
            )
        case Key():
            return Author(
                kind=AuthorKind.SYSTEM,
                id=str(actor.key.pk),
                name=actor.label,
                actor=actor.reference,
            )
        case _:
            return Author(kind=AuthorKind.SYSTEM, name=actor.label, actor=actor.reference)


def append(conversation: Conversation, entry: Entry, *, at: datetime) -> Message:
    """Write an entry at the end of a locked conversation and publish it.

    The caller sets what else changed on the row (``answer_due_at``, ``answered_position``)
    beforehand; all of ``THREAD_FIELDS`` are saved with it.
    """
    with publishing.changing(conversation):
        return _append(conversation, entry, at=at)


def _append(conversation: Conversation, entry: Entry, *, at: datetime) -> Message:
    conversation.last_position += 1
    message = _message(conversation, entry, at=at)
    parts = outgoing.parts_of(conversation, message, entry.attachments, entry.template)
    message.save(force_insert=True)
    message_files.attach(message, entry.attachments, at=at)
    outgoing.queue(conversation, message, parts, at=at)
    _count(conversation, message, entry.attachments, at=at)
    stored = stored_message(message, entry.attachments)
    publishing.publish(conversation, MESSAGE_CREATED, stored, *THREAD_FIELDS, at=at)
    message_written.send(Message, conversation=conversation, message=message, at=at)
    return message


def revise(conversation: Conversation, message: Message, *, at: datetime) -> Message:
    """Publish a message whose row was changed and saved, in a locked conversation."""
    files = message.attachments.select_related("reading")
    stored = stored_message(message, files)
    publishing.publish(conversation, MESSAGE_UPDATED, stored, at=at)
    return message


def preview(text: str) -> str:
    """Return one line of at most 160 characters for the list."""
    line = " ".join(text.split())
    return line if len(line) <= PREVIEW_LENGTH else f"{line[: PREVIEW_LENGTH - 1]}…"


def _named(files: Sequence[Attachment]) -> str:
    """Return the names of files, which the list shows for a message without text."""
    return ", ".join(file.name for file in files)


def _message(conversation: Conversation, entry: Entry, *, at: datetime) -> Message:
    return Message(
        id=entry.id,
        conversation=conversation,
        position=conversation.last_position,
        kind=entry.kind,
        author_kind=entry.author.kind,
        author_id=entry.author.id,
        author_name=entry.author.name,
        author_avatar=entry.author.avatar,
        actor=entry.author.actor,
        user_id=entry.author.user_id,
        text=entry.text,
        cards=entry.cards,
        reply_to=entry.reply_to,
        client_id=entry.client_id,
        run_id=entry.run_id,
        error=entry.error,
        change=entry.change,
        detail=entry.detail[:200],
        is_public=entry.is_public,
        created_at=entry.said_at or at,
    )


def _count(
    conversation: Conversation, message: Message, files: Sequence[Attachment], *, at: datetime
) -> None:
    if message.kind != Message.Kind.MESSAGE:
        return
    conversation.message_count += 1
    conversation.last_message_at = max(at, conversation.last_message_at)
    conversation.last_message_text = preview(message.text) or preview(_named(files))
    conversation.last_author_kind = message.author_kind
    conversation.last_author_name = message.author_name
    if message.author_kind == AuthorKind.CUSTOMER:
        conversation.customer_count += 1
        conversation.last_customer_position = message.position
