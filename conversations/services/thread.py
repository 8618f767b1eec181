"""Writing into a locked conversation: its entries, their files and deliveries, its events.

The row is saved once, and one row of the list is announced, however much changes in a block.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from channels_layer import prepared
from channels_layer.access.actors import Actor, Key, Staff, Visitor
from channels_layer.ids import new_id
from channels_layer.log import events
from channels_layer.work.jobs import enqueue
from conversations import previews, transports
from conversations.events import (
    CONVERSATION_SUMMARY,
    CONVERSATION_UPDATED,
    MESSAGE_CREATED,
    MESSAGE_UPDATED,
)
from conversations.files.kinds.types import Content
from conversations.models import (
    Assistant,
    Attachment,
    AuthorKind,
    Changes,
    Conversation,
    Delivery,
    Message,
    Reading,
)
from conversations.objects import rendering
from conversations.objects.conversation import Json, conversation_object, row_of
from conversations.objects.message import stored_message
from conversations.signals import message_written

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
STOPPED = frozenset({"superseded", "cancelled"})
"""Reasons of stopped answers, which are never sent to the customer."""
SENT_CHANGES = frozenset({"cut_off"})
"""Changes whose system lines are sent to a customer elsewhere as well."""

Parts = list[dict[str, Any]]


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

    ``said_at`` is when it was said, where that was earlier and elsewhere; ``behind`` is the
    position of the newest entry when an answer began; what ``is_sent`` already is not delivered.
    """

    author: Author
    text: str = ""
    kind: Message.Kind = Message.Kind.MESSAGE
    client_id: str | None = None
    reply_to: Message | None = None
    run_id: UUID | None = None
    behind: int | None = None
    error: str = ""
    change: str = ""
    detail: str = ""
    is_public: bool = True
    cards: list[dict[str, Any]] = field(default_factory=list)
    attachments: Sequence[Attachment] = ()
    template: Mapping[str, Any] | None = None
    said_at: datetime | None = None
    is_sent: bool = False
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


def assistant_author(assistant: Assistant) -> Author:
    """Return an assistant as the author of an answer."""
    return Author(
        kind=AuthorKind.ASSISTANT,
        id=str(assistant.pk),
        name=assistant.name,
        avatar=assistant.avatar,
        actor=f"assistant:{assistant.pk}",
    )


@contextmanager
def changing(conversation: Conversation) -> Iterator[Changes]:
    """Collect the changes of a locked conversation; save and send them when the block ends.

    Blocks may lie within one another: the outermost one writes the row once, and announces one
    row of the list if anything that it shows has changed.
    """
    if conversation.changes is not None:
        yield conversation.changes
        return
    conversation.changes = changes = Changes()
    try:
        yield changes
        if changes.fields:
            prepared.update(conversation, sorted(changes.fields))
        if changes.listed_at is not None:
            _announce(conversation, changes, at=changes.listed_at)
    finally:
        conversation.changes = None


def publish(conversation: Conversation, event: str, data: Json, *fields: str, at: datetime) -> None:
    """Publish an event of a locked conversation, save ``fields``, and send its row of the list."""
    with changing(conversation) as changes:
        publish_unlisted(conversation, event, data, at=at)
        conversation.changed_at = changes.listed_at = at
        changes.fields.update(fields, ["changed_at"])


def publish_unlisted(conversation: Conversation, event: str, data: Json, *, at: datetime) -> None:
    """Publish an event of a locked conversation that changes nothing of its row of the list."""
    with changing(conversation) as changes:
        conversation.seq = events.publish(topic=conversation.topic, type=event, data=data, at=at)
        changes.fields.add("seq")


def update(
    conversation: Conversation,
    *fields: str,
    at: datetime,
    event: str = CONVERSATION_UPDATED,
) -> None:
    """Save ``fields`` of a locked conversation and publish it as it is now."""
    with changing(conversation) as changes:
        # The lock of the row is the lock of its topic, so the seq is known before it is written.
        shown = conversation_object(row_of(conversation) | {"seq": conversation.seq + 1})
        publish(conversation, event, shown, *fields, at=at)
        changes.shown = shown


def append(conversation: Conversation, entry: Entry, *, at: datetime) -> Message:
    """Write an entry at the end of a locked conversation and publish it.

    The caller sets what else changed on the row (``answer_due_at``, ``answered_position``)
    beforehand; all of ``THREAD_FIELDS`` are saved with it.
    """
    with changing(conversation):
        return _append(conversation, entry, at=at)


def revise(conversation: Conversation, message: Message, *, at: datetime) -> Message:
    """Publish a message whose row was changed and saved, in a locked conversation."""
    files = message.attachments.select_related("reading")
    stored = stored_message(message, files)
    publish(conversation, MESSAGE_UPDATED, stored, at=at)
    return message


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
    is_here = attachment.status == Attachment.Status.READY
    return is_here and attachment.content != Content.NOTHING


def _announce(conversation: Conversation, changes: Changes, *, at: datetime) -> None:
    """Send the row of the list; an object that was published last is sent as it is."""
    shown = changes.shown
    if shown is None or shown["seq"] != conversation.seq:
        shown = conversation_object(row_of(conversation))
    events.announce(topic="inbox", type=CONVERSATION_SUMMARY, data=shown, at=at)


def _append(conversation: Conversation, entry: Entry, *, at: datetime) -> Message:
    conversation.last_position += 1
    message = _message(conversation, entry, at=at)
    parts = (
        [] if entry.is_sent else _parts(conversation, message, entry.attachments, entry.template)
    )
    prepared.insert(message)
    rendering.prepare(message)
    _attach(message, entry.attachments, at=at)
    _queue(conversation, message, parts, at=at)
    _count(conversation, message, entry.attachments, at=at)
    stored = stored_message(message, entry.attachments)
    publish(conversation, MESSAGE_CREATED, stored, *THREAD_FIELDS, at=at)
    message_written.send(Message, conversation=conversation, message=message, at=at)
    return message


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
        behind=entry.behind,
        error=entry.error,
        change=entry.change,
        detail=entry.detail[:200],
        is_public=entry.is_public,
        created_at=entry.said_at or at,
    )


def _named(files: Sequence[Attachment]) -> str:
    """Return the names of files, which the list shows for a message without text."""
    return ", ".join(file.name for file in files)


def _count(
    conversation: Conversation, message: Message, files: Sequence[Attachment], *, at: datetime
) -> None:
    if message.kind != Message.Kind.MESSAGE:
        return
    conversation.message_count += 1
    conversation.last_message_at = max(at, conversation.last_message_at)
    conversation.last_message_text = previews.of(message) or previews.of_typed(_named(files))
    conversation.last_author_kind = message.author_kind
    conversation.last_author_name = message.author_name
    if message.author_kind == AuthorKind.CUSTOMER:
        conversation.customer_count += 1
        conversation.last_customer_position = message.position


def _attach(message: Message, attachments: Sequence[Attachment], *, at: datetime) -> None:
    """Attach ``attachments`` to a message that was just written."""
    for order, attachment in enumerate(attachments):
        attachment.message = message
        attachment.conversation_id = message.conversation_id
        attachment.order = order
        attachment.save(update_fields=["message", "conversation", "order"])
        want_reading(attachment, at=at)
    message.files = attachments


def _parts(
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


def _queue(conversation: Conversation, message: Message, parts: Parts, *, at: datetime) -> None:
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
