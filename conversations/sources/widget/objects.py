"""The objects that the frame gets: configuration, contact, conversations, messages."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from django.conf import settings
from rest_framework import serializers

from channels_layer.rest import PageObject
from conversations import markdown
from conversations.models import Contact, Conversation, Message
from conversations.objects import conversation as shared
from conversations.objects import message as messages
from conversations.objects.conversation import LastMessage, VisitorConversation
from conversations.objects.message import VisitorMessage
from conversations.objects.rendering import html_of_each
from conversations.sources.widget import prechat, texts
from conversations.sources.widget.models import Widget

Json = dict[str, Any]


class WidgetAssistant(serializers.Serializer[Any]):
    """The assistant that the frame presents."""

    name = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)


class WidgetTexts(serializers.Serializer[Any]):
    """The words that an administrator may change, by name."""

    def get_fields(self) -> dict[str, Any]:
        """Return a field for each name."""
        return {name: serializers.CharField() for name in texts.NAMES}


class WidgetGreeting(serializers.Serializer[Any]):
    """The first words, as Markdown and rendered."""

    text = serializers.CharField()
    html = serializers.CharField()


class WidgetField(serializers.Serializer[Any]):
    """A field of the form before the first message; `fills` names the contact's attribute."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.ChoiceField(choices=prechat.TYPES)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]
    options = serializers.ListField(child=serializers.CharField(), required=False)
    fills = serializers.CharField(help_text="`name`, `email`, `phone`, or empty.")


class WidgetConfig(serializers.Serializer[Any]):
    """The widget's configuration; nothing secret."""

    key = serializers.CharField()
    assistant = WidgetAssistant()
    brand = serializers.CharField()
    texts = WidgetTexts()
    greeting = WidgetGreeting()
    teaser = serializers.CharField()
    accent = serializers.CharField()
    position = serializers.ChoiceField(choices=Widget.Position.choices)
    prechat_fields = WidgetField(many=True)
    require_identity = serializers.BooleanField()
    send_interval = serializers.FloatField(help_text="Seconds between two messages.")


class WidgetContact(serializers.Serializer[Any]):
    """The details that the visitor has given."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()


class QueuePlace(serializers.Serializer[Any]):
    """The place in the queue, and how many minutes it takes as a rule."""

    position = serializers.IntegerField()
    minutes = serializers.IntegerField(allow_null=True)


class WidgetConversation(VisitorConversation):
    """A conversation as its visitor sees it, with the place in the queue."""

    last_message = LastMessage(allow_null=True)
    queue = QueuePlace(allow_null=True)


class WidgetSession(serializers.Serializer[Any]):
    """An open session; `token` is for all other calls."""

    token = serializers.CharField()
    contact = WidgetContact()
    conversations = WidgetConversation(many=True)
    config = WidgetConfig()


class WidgetMessages(PageObject):
    """A page of messages by position, and the conversation as it is now."""

    next = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    previous = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    results = VisitorMessage(many=True)
    conversation = WidgetConversation()


class WidgetRun(serializers.Serializer[Any]):
    """An answer that is to stop."""

    id = serializers.UUIDField()


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
    return message_objects([message])[0]


def message_objects(shown: Sequence[Message]) -> list[Json]:
    """Return public messages as their visitor sees them."""
    html = html_of_each(shown)
    return [
        messages.visitor_message(messages.message_object(one), html=html[one.pk]) or {}
        for one in shown
    ]
