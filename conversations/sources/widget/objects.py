"""The objects that the frame gets: configuration, contact, conversations, messages."""

from math import ceil
from typing import Any

from django.conf import settings

from conversations import markdown
from conversations.models import Contact, Conversation, Message
from conversations.objects import conversation as shared
from conversations.objects import message as messages
from conversations.sources.widget.models import Widget

Json = dict[str, Any]


def config_object(widget: Widget) -> Json:
    """Return the widget's configuration for its frame; nothing secret."""
    assistant = widget.source.assistant
    words = widget.words
    return {
        "key": widget.key,
        "assistant": {"name": assistant.name, "avatar": assistant.avatar or None},
        "brand": widget.brand,
        "texts": words,
        "greeting": {"text": words["greeting"], "html": markdown.render(words["greeting"])},
        "teaser": words["teaser"],
        "accent": widget.shown_accent,
        "position": widget.position,
        "prechat_fields": widget.form,
        "require_identity": widget.require_identity,
        "send_interval": settings.SEND_INTERVAL_SECONDS,
    }


def contact_object(contact: Contact) -> Json:
    """Return the details that the visitor has given."""
    return {
        "id": str(contact.pk),
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
    }


def conversation_object(
    conversation: Conversation, *, position: int | None, wait: float | None
) -> Json:
    """Return a conversation as its visitor sees it, with the place in the queue.

    ``wait`` is the expected one in seconds.
    """
    shown = shared.conversation_object(shared.row_of(conversation))
    minutes = ceil(wait / 60) if wait else None
    return {
        **shared.visitor_conversation(shown),
        "last_message": shown["last_message"],
        "queue": {"position": position, "minutes": minutes} if position else None,
    }


def message_object(message: Message) -> Json:
    """Return a public message as its visitor sees it."""
    return messages.visitor_message(messages.message_object(message)) or {}
