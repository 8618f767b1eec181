"""The staff's own chats with assistants: test chats, which are conversations like all others."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.errors import InvalidError
from channels_layer.models import ApiKey
from conversations.models import Assistant, Conversation, Message, Source
from conversations.selectors import conversations as selectors
from conversations.services import conversations, messages
from conversations.services.conversations import Opening
from conversations.services.messages import Draft
from conversations.sources.test_chat import KIND
from handoff.models import Agent

SOURCE_NAME = "Test chat"


@transaction.atomic
def start(
    *, by: Actor, assistant: Assistant, text: str = "", client_id: str | None = None, at: datetime
) -> tuple[Conversation, bool]:
    """Begin a chat of ``by`` with ``assistant``, perhaps with the first message.

    Returns the chat and whether it is new: a ``client_id`` used before gives the chat it began.
    """
    if client_id:
        _wait_in_line(by)
        if before := _begun_with(by, client_id):
            return before, False
    opening = Opening(source=_source(assistant), assistant=assistant)
    conversation = conversations.start(opening=opening, by=by, at=at)
    if text:
        draft = Draft(text=text, client_id=client_id)
        messages.customer_message(conversation=conversation, by=by, draft=draft, at=at)
    return conversation.locked(), True


@transaction.atomic
def change(
    *,
    conversation: Conversation,
    title: str | None = None,
    assistant: Assistant | None = None,
    at: datetime,
) -> Conversation:
    """Change a chat's title, its assistant, or both."""
    if title is not None:
        conversation = rename(conversation=conversation, title=title, at=at)
    if assistant is not None:
        conversation = change_assistant(conversation=conversation, assistant=assistant, at=at)
    return conversation


def rename(*, conversation: Conversation, title: str, at: datetime) -> Conversation:
    """Set a chat's title as its owner wants it; it is never overwritten by a generated one.

    :raises InvalidError: the title is empty.
    """
    line = " ".join(title.split())
    if not line:
        detail = _("A title has at least one character.")
        raise InvalidError(detail=detail, fields={"title": [detail]})
    return conversations.rename(conversation=conversation, title=line, at=at)


def change_assistant(
    *, conversation: Conversation, assistant: Assistant, at: datetime
) -> Conversation:
    """Let another assistant answer from now on."""
    return conversations.change_assistant(conversation=conversation, assistant=assistant, at=at)


def delete(*, conversation: Conversation, at: datetime) -> None:
    """Delete a chat and everything under it."""
    conversations.delete(conversation=conversation, at=at)


def _wait_in_line(by: Actor) -> None:
    """Lock the actor's own row, so that of two equal beginnings the second sees the first."""
    match by:
        case Staff():
            Agent.objects.select_for_update(no_key=True).filter(user=by.user).first()
        case Key():
            ApiKey.objects.select_for_update(no_key=True).filter(pk=by.key.pk).first()


def _source(assistant: Assistant) -> Source:
    """Return the source of all test chats."""
    source = Source.objects.filter(kind=KIND).order_by("created_at", "id").first()
    return source or Source.objects.create(kind=KIND, name=SOURCE_NAME, assistant=assistant)


def _begun_with(by: Actor, client_id: str) -> Conversation | None:
    """Return the chat that began with ``client_id``; later messages have ids of their own."""
    first = (
        Message.objects.filter(
            conversation__in=selectors.chats(by),
            actor=by.reference,
            client_id=client_id,
            created_at=F("conversation__created_at"),
        )
        .select_related(*(f"conversation__{name}" for name in Conversation.SHOWN))
        .order_by("created_at")
        .first()
    )
    return first.conversation if first else None
