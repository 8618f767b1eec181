"""Alerts: what happens in a conversation, and notifying the people concerned one by one."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from channels_layer.work.jobs import enqueue
from channels_layer.work.sweeper import Hint
from conversations.models import Alert, AuthorKind, Conversation, Message, ReadState
from conversations.services import thread
from handoff import notifications
from handoff import selectors as people
from handoff.models import Agent, Control, Switch
from handoff.notifications import NotificationDraft

TASK = "conversations.notify"
PATIENCE = timedelta(seconds=5)
SWEPT_AT_ONCE = 200


def write(conversation: Conversation, message: Message, at: datetime) -> None:
    """Write an alert with a new entry of a locked conversation, where it concerns people."""
    if message.kind == Message.Kind.SYSTEM and message.change == "requested":
        _note(message, Alert.Kind.ESCALATED, at=at)
    elif message.kind == Message.Kind.NOTE and "@" in message.text:
        _note(message, Alert.Kind.MENTION, at=at)
    elif message.author_kind == AuthorKind.CUSTOMER and message.kind == Message.Kind.MESSAGE:
        user = _responsible(conversation)
        if user is not None and message.actor != f"user:{user}":
            _note(message, Alert.Kind.MESSAGE, user=user, at=at)


def notify(*, alert_id: UUID, at: datetime) -> int:
    """Notify the people concerned, one per transaction; return the number of notifications."""
    alert = (
        Alert.objects.select_related("message", *_conversation_fields())
        .filter(pk=alert_id, done_at__isnull=True)
        .first()
    )
    if alert is None:
        return 0
    draft = draft_of(alert)
    sent = [
        notifications.send(user_id=user, draft=draft, at=alert.created_at)
        for user in _concerned(alert)
    ]
    Alert.objects.filter(pk=alert.pk).update(done_at=at)
    return sum(notification is not None for notification in sent)


def due(at: datetime) -> list[Hint]:
    """Return the alerts whose hint was lost, for the sweeper."""
    waiting = Alert.objects.filter(done_at__isnull=True, created_at__lt=at - PATIENCE)
    found = waiting.order_by("created_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    return [(TASK, {"alert": str(key)}) for key in found]


def draft_of(alert: Alert) -> NotificationDraft:
    """Return the notification that people get of an alert."""
    conversation, message = alert.conversation, alert.message
    name = conversation.contact.label if conversation.contact else str(conversation)
    text = thread.preview(message.text) or conversation.last_message_text
    title = name
    if alert.kind == Alert.Kind.MENTION:
        title = f"{message.author_name} mentioned you"
    elif alert.kind == Alert.Kind.ESCALATED:
        title, text = f"{name} waits for a person", message.detail or message.text
    return NotificationDraft(
        kind=alert.kind,
        title=title,
        text=text,
        url=f"/conversations/{conversation.pk}/",
        subject=conversation.topic,
        cause=f"alert:{alert.pk}",
        gathers=alert.kind == Alert.Kind.MESSAGE,
    )


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


def _note(message: Message, kind: Alert.Kind, *, user: int | None = None, at: datetime) -> None:
    alert = Alert.objects.create(
        conversation_id=message.conversation_id,
        message=message,
        kind=kind,
        user_id=user,
        created_at=at,
    )
    enqueue("conversations.notify", alert=alert.pk)


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


def _concerned(alert: Alert) -> list[int]:
    """Return the users to notify: not the author, nor those who have seen it already."""
    message = alert.message
    if alert.user_id is not None:
        seen = ReadState.objects.filter(
            conversation_id=alert.conversation_id,
            user_id=alert.user_id,
            position__gte=message.position,
        )
        return [] if seen.exists() else [alert.user_id]
    if alert.kind == Alert.Kind.ESCALATED and alert.conversation.control != Control.REQUESTED:
        return []
    agents = list(people.agents())
    if alert.kind == Alert.Kind.MENTION:
        users = mentioned(message.text, agents)
    else:
        users = [agent.user_id for agent in agents]
    return [user for user in sorted(users) if message.actor != f"user:{user}"]


def _conversation_fields() -> list[str]:
    return ["conversation", *(f"conversation__{name}" for name in Conversation.SHOWN)]
