"""Talking in tests: a customer says something, a worker answers."""

from datetime import datetime
from typing import Any

from channels_layer.access.actors import System
from channels_layer.models import Event
from chats.models import Article
from conversations.models import Conversation, Message
from conversations.services.messages import Draft, customer_message
from tests.factories import NOON

ADA_KNOWS = "You may return a lamp within 30 days. We pay the parcel."


def say(conversation: Conversation, text: str, *, at: datetime = NOON) -> Message:
    """Say ``text`` as the customer."""
    message, _ = customer_message(
        conversation=conversation, by=System(name="Victor"), draft=Draft(text=text), at=at
    )
    return message


def teach(conversation: Conversation, title: str = "Returns", text: str = ADA_KNOWS) -> Article:
    """Return the conversation's assistant a piece of knowledge."""
    return Article.objects.create(
        assistant=conversation.assistant, title=title, text=text, created_at=NOON, updated_at=NOON
    )


def messages(conversation: Conversation, author: str = "assistant") -> list[Message]:
    """Return everything that ``author`` said in ``conversation``."""
    said = Message.objects.filter(conversation=conversation, author_kind=author, kind="message")
    return list(said.order_by("position"))


def events(conversation: Conversation) -> list[dict[str, Any]]:
    """Return the durable events of ``conversation``, in order."""
    rows = Event.objects.filter(topic=conversation.topic).order_by("seq")
    return [{"type": row.type, **row.data} for row in rows]


def types(conversation: Conversation) -> list[str]:
    """Return the types of the durable events of ``conversation``, in order."""
    return [event["type"] for event in events(conversation)]
