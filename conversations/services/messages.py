"""Messages of staff, systems and customers: writing and editing them, asking for an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from channels_layer.access.actors import Actor, Key, Staff, System
from channels_layer.errors import InvalidError, TooFastError
from channels_layer.prepared import Prepared, Slot
from channels_layer.work.jobs import enqueue
from conversations import previews, transports
from conversations.models import Attachment, AuthorKind, Conversation, Message
from conversations.services import attachments, choices, thread
from conversations.services.choices import Choice
from conversations.services.thread import Author, Entry
from handoff import outside
from handoff import services as handoff
from handoff.services import EndedError

_SEEN = Prepared(
    lambda: Message.objects.filter(
        **{name: Slot(Message, name) for name in ("conversation", "actor", "client_id")}
    )
)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message to write: validated text, the author's own id, the message it answers.

    ``said_at`` is when a customer said it elsewhere; such a message is never too fast.
    ``template`` is sent instead of a text: name, language, parameters. ``cards`` stand beside the
    text; ``author_name`` is the name of the one among several customers who wrote. A customer's
    ``choice`` brings its own words.
    """

    text: str
    client_id: str | None = None
    kind: Message.Kind = Message.Kind.MESSAGE
    reply_to: UUID | None = None
    attachments: tuple[UUID, ...] = ()
    said_at: datetime | None = None
    template: Mapping[str, Any] | None = None
    cards: tuple[Mapping[str, Any], ...] = ()
    author_name: str = ""
    choice: Choice | None = None


@transaction.atomic
def post(
    *, conversation: Conversation, by: Actor, draft: Draft, at: datetime
) -> tuple[Message, bool]:
    """Write as staff or as a system; return the message and whether it is new.

    A person's public message takes the floor unless the assistant is paused. The owner of a
    chat writes as its customer. A ``client_id`` seen before returns the first message. The source
    refuses what cannot be said there now.
    """
    is_chat = conversation.is_chat_of(by) and draft.template is None
    if is_chat and draft.kind == Message.Kind.MESSAGE:
        return customer_message(conversation=conversation, by=by, draft=draft, at=at)
    conversation = conversation.locked()
    if seen := _seen(conversation, by, draft):
        return seen, False
    if conversation.is_ended:
        raise EndedError
    with thread.changing(conversation):
        return _post(conversation, by, draft, at=at), True


def _post(conversation: Conversation, by: Actor, draft: Draft, *, at: datetime) -> Message:
    if draft.choice is not None:
        detail = _("Only who was asked can choose.")
        raise InvalidError(detail, fields={"choice": [detail]})
    files = _files(by, draft)
    text = _words(conversation, draft, at=at)
    is_note = draft.kind == Message.Kind.NOTE
    if isinstance(by, Staff) and not is_note:
        _refuse_flood(conversation, by, at=at)
        handoff.take(floor=conversation, by=by, at=at)
        mark_answered(conversation, position=conversation.last_position + 1)
        conversation.answer_due_at = None
    entry = Entry(
        author=thread.author_of(by),
        text=text,
        kind=draft.kind,
        client_id=draft.client_id,
        reply_to=_replied(conversation, draft),
        is_public=not is_note,
        attachments=files,
        template=draft.template,
    )
    return thread.append(conversation, entry, at=at)


@transaction.atomic
def customer_message(
    *, conversation: Conversation, by: Actor, draft: Draft, at: datetime
) -> tuple[Message, bool]:
    """Write as the customer; the assistant answers when the floor is its own.

    An ended conversation reopens. Staff (in their own chat) and visitors are held to one
    message per ``SEND_INTERVAL_SECONDS``; systems, and messages from elsewhere, are not.
    """
    conversation = conversation.locked()
    if seen := _seen(conversation, by, draft):
        return seen, False
    if not isinstance(by, Key) and draft.said_at is None:
        _refuse_flood(conversation, by, at=at)
    with thread.changing(conversation):
        message = _write_as_customer(conversation, by, draft, at=at)
    enqueue("chats.answer", conversation=str(conversation.pk))
    return message, True


def _write_as_customer(
    conversation: Conversation, by: Actor, draft: Draft, *, at: datetime
) -> Message:
    taken = choices.taken(conversation, draft.choice) if draft.choice else None
    if taken is not None:
        draft = replace(draft, text=taken.value, cards=(*draft.cards, taken.card))
    reply_to = _replied(conversation, draft)
    files = _files(by, draft)
    if conversation.is_ended:
        handoff.reopen(floor=conversation, by=by, at=at)
    if conversation.assistant_may_speak:
        conversation.answer_due_at = at + timedelta(seconds=conversation.source.gather_seconds)
    author = customer_of(conversation, by)
    entry = Entry(
        author=replace(author, name=draft.author_name or author.name),
        text=draft.text,
        cards=[dict(card) for card in draft.cards],
        client_id=draft.client_id,
        reply_to=reply_to,
        attachments=files,
        said_at=_said_at(conversation, draft, at=at),
    )
    conversation.extend_window(said_at=draft.said_at or at)
    message = thread.append(conversation, entry, at=at)
    if taken is not None:
        choices.mark(conversation, taken, at=at)
    return message


@transaction.atomic
def colleague_message(
    *, conversation: Conversation, by: System, draft: Draft, takes_floor: bool = True, at: datetime
) -> Message:
    """Write what a colleague said to the customer outside Parley, where it was sent already.

    The floor moves as at a person's first message, unless that was long before.
    """
    conversation = conversation.locked()
    with thread.changing(conversation):
        files, reply_to = _files(by, draft), _replied(conversation, draft)
        if conversation.is_ended:
            handoff.reopen(floor=conversation, by=by, at=at)
        if takes_floor:
            outside.take(floor=conversation, by=by, at=at)
        _answer_outside(conversation, said_at=draft.said_at or at)
        entry = Entry(
            author=Author(kind=AuthorKind.AGENT, name=by.name, actor=by.reference),
            text=draft.text,
            cards=[dict(card) for card in draft.cards],
            reply_to=reply_to,
            attachments=files,
            said_at=_said_at(conversation, draft, at=at),
            is_sent=True,
        )
        return thread.append(conversation, entry, at=at)


def _answer_outside(conversation: Conversation, *, said_at: datetime) -> None:
    """Count as answered what the customer had said by then; what came later still waits."""
    earlier = Message.objects.filter(
        conversation=conversation, author_kind=AuthorKind.CUSTOMER, created_at__lte=said_at
    )
    newest = earlier.order_by("-position").values_list("position", flat=True).first()
    if newest is not None:
        mark_answered(conversation, position=newest)
    if not conversation.has_unanswered:
        conversation.answer_due_at = None


def edit(conversation: Conversation, message: Message, *, text: str, at: datetime) -> Message:
    """Change the text of a message of a locked conversation, and mark it as edited."""
    message.text = text
    message.edited_at = at
    message.save(update_fields=["text", "edited_at"])
    with thread.changing(conversation) as changes:
        if message.position == conversation.last_position:
            conversation.last_message_text = previews.of(message)
            changes.fields.add("last_message_text")
        return thread.revise(conversation, message, at=at)


def ask_again(conversation: Conversation, *, replaced: Message | None, at: datetime) -> None:
    """Queue a new answer to the customer's last message, in a locked conversation.

    The answer that was ``replaced`` stays in the thread, marked, and is shown to no model again.
    """
    if not conversation.has_unanswered:
        conversation.answered_position = conversation.last_customer_position - 1
        conversation.turn_count = max(0, conversation.turn_count - 1)
    conversation.answer_due_at = at
    with thread.changing(conversation) as changes:
        changes.fields.update(["answered_position", "turn_count", "answer_due_at"])
        if replaced is not None:
            replaced.error, replaced.error_code = Message.REPLACED, ""
            replaced.save(update_fields=["error", "error_code"])
            thread.revise(conversation, replaced, at=at)


def mark_answered(conversation: Conversation, *, position: int) -> None:
    """Count customer messages up to ``position`` as answered; the caller appends or saves."""
    if conversation.has_unanswered:
        conversation.turn_count += 1
    conversation.answered_position = max(conversation.answered_position, position)


def system_line(
    conversation: Conversation,
    text: str,
    *,
    change: str = "",
    is_public: bool = True,
    at: datetime,
) -> Message:
    """Write a system line into a locked conversation."""
    entry = Entry(
        author=thread.author_of(System(name="Parley")),
        kind=Message.Kind.SYSTEM,
        text=text,
        change=change,
        is_public=is_public,
    )
    return thread.append(conversation, entry, at=at)


def customer_of(conversation: Conversation, by: Actor) -> Author:
    """Return the customer as an author: the contact, or the owner of a chat by name."""
    author: dict[str, Any] = {"kind": AuthorKind.CUSTOMER, "actor": by.reference, "name": by.label}
    if conversation.contact is not None:
        author |= {"id": str(conversation.contact.pk), "name": conversation.contact.label}
    elif isinstance(by, Staff):
        author |= {"id": str(by.user.pk), "user_id": by.user.pk}
    return Author(**author)


def _seen(conversation: Conversation, by: Actor, draft: Draft) -> Message | None:
    if draft.client_id is None:
        return None
    return _SEEN.first(conversation=conversation.pk, actor=by.reference, client_id=draft.client_id)


def _words(conversation: Conversation, draft: Draft, *, at: datetime) -> str:
    """Return the text for the customer; the source refuses what may not be said now."""
    if draft.kind == Message.Kind.NOTE:
        return draft.text
    transport = transports.transport_of(conversation)
    transport.refuse(conversation, template=draft.template, at=at)
    return (
        draft.text if draft.template is None else transport.words_of(conversation, draft.template)
    )


def _files(by: Actor, draft: Draft) -> list[Attachment]:
    if not draft.text and not draft.attachments and draft.template is None:
        detail = _("Say something, or send a file.")
        raise InvalidError(detail, fields={"text": [detail]})
    if not draft.attachments:
        return []
    return attachments.carried(by=by, identifiers=draft.attachments)


def _replied(conversation: Conversation, draft: Draft) -> Message | None:
    if draft.reply_to is None:
        return None
    message = Message.objects.filter(conversation=conversation, pk=draft.reply_to).first()
    if message is None:
        detail = _("This is no message of this conversation.")
        raise InvalidError(detail=detail, fields={"reply_to": [detail]})
    if draft.kind != Message.Kind.NOTE and not message.is_public:
        detail = _("What the customer reads cannot quote what is internal.")
        raise InvalidError(detail=detail, fields={"reply_to": [detail]})
    return message


def _said_at(conversation: Conversation, draft: Draft, *, at: datetime) -> datetime | None:
    """Return the time of the message, so that times never run backwards along a thread."""
    if draft.said_at is None:
        return None
    before = Message.objects.filter(conversation=conversation).order_by("-position")
    newest = before.values_list("created_at", flat=True).first()
    return min(at, max(draft.said_at, newest or draft.said_at))


def _refuse_flood(conversation: Conversation, by: Actor, *, at: datetime) -> None:
    interval = timedelta(seconds=settings.SEND_INTERVAL_SECONDS)
    last = (
        Message.objects.filter(
            conversation=conversation,
            actor=by.reference,
            kind=Message.Kind.MESSAGE,
            created_at__gt=at - interval,
        )
        .order_by("-created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    if last is not None:
        raise TooFastError(retry_after=(last + interval - at).total_seconds())
