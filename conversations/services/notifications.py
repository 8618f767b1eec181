"""Notifications of what happens in conversations: when, whom they concern and what they say."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_layer import names
from channels_layer.access.actors import staff_id_of
from conversations import previews, reasons
from conversations.models import AuthorKind, Conversation, Message, ReadState
from handoff import outbox
from handoff import selectors as people
from handoff.models import Agent, Control, PendingNotification, Switch
from handoff.notifications import NotificationKind, PreparedNotification, register_kinds

ESCALATED = "conversation.escalated"
MESSAGE = "conversation.message"
MENTION = "conversation.mention"
REQUEST_OVER = frozenset(
    {"accepted", "taken", "released", "returned", "withdrawn", "blocked", "ended"}
)


def register() -> None:
    """Register the kinds of this app."""
    register_kinds(
        NotificationKind(
            name=ESCALATED,
            label=gettext_lazy("A person was asked for"),
            prepare=_escalated,
            replaces=True,
        ),
        NotificationKind(
            name=MESSAGE,
            label=gettext_lazy("The customer wrote to somebody"),
            prepare=_customer_wrote,
            gathers=True,
        ),
        NotificationKind(
            name=MENTION,
            label=gettext_lazy("Somebody was mentioned in a note"),
            prepare=_mention,
        ),
    )


def write(*, conversation: Conversation, message: Message, at: datetime, **_signal: Any) -> None:
    """Notify the people whom a new entry concerns; receives ``message_written``."""
    if message.kind == Message.Kind.SYSTEM:
        _write_request(conversation, message, at=at)
    elif message.kind == Message.Kind.NOTE and "@" in message.text:
        _notify(conversation, message, MENTION, at=at)
    elif message.author_kind == AuthorKind.CUSTOMER and message.kind == Message.Kind.MESSAGE:
        user = _responsible(conversation)
        if user is not None and staff_id_of(message.actor) != user:
            _notify(conversation, message, MESSAGE, recipient_id=user, at=at)


def _write_request(conversation: Conversation, message: Message, *, at: datetime) -> None:
    """Notify of a request for a person, and take it back when it is over; not in a chat."""
    if conversation.is_chat:
        return
    if message.change == "requested":
        _notify(conversation, message, ESCALATED, at=at)
    elif message.change in REQUEST_OVER and conversation.handoffs.exists():
        outbox.withdraw(kind=ESCALATED, subject=conversation.topic, at=at)


def mentioned(text: str, agents: Iterable[Agent]) -> list[int]:
    """Return the ids of those whose user name, first name or full name follows an ``@``."""
    return [
        agent.user_id
        for agent in agents
        if any(
            re.search(rf"(?<!\w)@{re.escape(name)}(?!\w)", text, re.IGNORECASE)
            for name in (agent.user.username, agent.user.first_name, agent.user.get_full_name())
            if name
        )
    ]


def _notify(
    conversation: Conversation,
    message: Message,
    kind: str,
    *,
    recipient_id: int | None = None,
    at: datetime,
) -> None:
    outbox.notify(
        kind=kind,
        subject=conversation.topic,
        params={"message": str(message.pk)},
        recipient_id=recipient_id,
        at=at,
    )


def _responsible(conversation: Conversation) -> int | None:
    """Return the user responsible: the owner, or while paused the last person who wrote."""
    if conversation.control == Control.AGENT:
        return conversation.owner_id
    if conversation.switch != Switch.PAUSED:
        return None
    return (
        Message.objects.filter(
            conversation=conversation,
            kind=Message.Kind.MESSAGE,
            author_kind=AuthorKind.AGENT,
            user__isnull=False,
        )
        .order_by("-position")
        .values_list("user_id", flat=True)
        .first()
    )


def _message_of(pending: PendingNotification) -> Message | None:
    """Return the message with its conversation, or None when they were deleted."""
    shown = (f"conversation__{name}" for name in Conversation.SHOWN)
    rows = Message.objects.select_related("conversation", *shown)
    return rows.filter(pk=pending.params["message"]).first()


def _escalated(pending: PendingNotification) -> PreparedNotification | None:
    """Prepare it for everybody but the one who asked, as long as nobody has come."""
    message = _message_of(pending)
    if message is None or message.conversation.control != Control.REQUESTED:
        return None
    contact = message.conversation.contact
    if contact is None:
        return None
    title = _("%(name)s waits for a person")
    if message.author_kind == AuthorKind.AGENT:  # a colleague joined; the customer asked nothing
        title = _("%(colleague)s asked for the floor with %(name)s")
    words = {"name": contact.mention, "colleague": names.shown(message.author_name)}
    return PreparedNotification(
        recipients=_others(message, [agent.user_id for agent in people.agents()]),
        title=title % words,
        text=reasons.informative(message.detail) or message.text,
        url=_page(message),
    )


def _customer_wrote(pending: PendingNotification) -> PreparedNotification | None:
    """Prepare it for the one responsible, unless they have seen the message already."""
    message, recipient = _message_of(pending), pending.recipient_id
    if message is None or recipient is None or _has_seen(recipient, message):
        return None
    return PreparedNotification(
        recipients=[recipient],
        title=_contact_name(message.conversation),
        text=_preview(message),
        url=_page(message),
    )


def _mention(pending: PendingNotification) -> PreparedNotification | None:
    """Prepare it for those whom the note mentions."""
    message = _message_of(pending)
    if message is None:
        return None
    return PreparedNotification(
        recipients=_others(message, mentioned(message.text, people.agents())),
        title=_("%(name)s mentioned you") % {"name": names.shown(message.author_name)},
        text=_preview(message),
        url=_page(message),
    )


def _others(message: Message, users: Iterable[int]) -> list[int]:
    """Return the users in order, without the author."""
    author = staff_id_of(message.actor)
    return [user for user in sorted(users) if user != author]


def _has_seen(user: int, message: Message) -> bool:
    states = ReadState.objects.filter(conversation_id=message.conversation_id, user_id=user)
    return states.filter(position__gte=message.position).exists()


def _contact_name(conversation: Conversation) -> str:
    """Return the name as a title of its own, in quotation marks where it could be read as more."""
    contact = conversation.contact
    return contact.heading if contact else names.shown(conversation.heading)


def _preview(message: Message) -> str:
    return previews.of(message) or message.conversation.last_message_text


def _page(message: Message) -> str:
    return reverse("conversations:conversation", kwargs={"id": message.conversation_id})
