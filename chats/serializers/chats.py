"""Chats with assistants."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from channels_layer.rest.fields import TextField
from conversations.models import Assistant
from conversations.serializers.conversations import LastMessage
from conversations.serializers.people import AssistantReference

CHAT: dict[str, Any] = {
    "id": "01970c2e-4d1f-7a52-9a3e-0c7f6f2b8a11",
    "conversation": "01970c2e-4d1f-7a52-9a3e-0c7f6f2b8a11",
    "title": "Refund wording, second try",
    "assistant": {
        "id": "01970c00-0000-7000-8000-000000000001",
        "name": "Ada",
        "avatar": None,
    },
    "message_count": 6,
    "last_message": {
        "text": "Refunds reach your card in 3 to 5 days",
        "author_kind": "assistant",
        "author_name": "Ada",
        "at": "2026-11-20T12:30:01.120Z",
    },
    "created_at": "2026-11-20T12:02:44.007Z",
}


@extend_schema_serializer(examples=[OpenApiExample("Chat", value=CHAT, response_only=True)])
class ChatObject(serializers.Serializer[Any]):
    """One's own chat with an assistant; messages and events are those of its conversation."""

    id = serializers.UUIDField()
    conversation = serializers.UUIDField(help_text="The same id.")
    title = serializers.CharField()
    assistant = AssistantReference()
    message_count = serializers.IntegerField()
    last_message = LastMessage(allow_null=True)
    created_at = serializers.DateTimeField()


class AssistantField(serializers.PrimaryKeyRelatedField[Assistant]):
    """The id of an assistant that is switched on."""

    def __init__(self, **kwargs: Any) -> None:
        """Search among the active ones."""
        active = Assistant.objects.filter(is_active=True)
        super().__init__(queryset=active, pk_field=serializers.UUIDField(), **kwargs)


class ChatStart(serializers.Serializer[Any]):
    """A new chat, perhaps with the first message; the same `client_id` begins one once."""

    assistant = AssistantField()
    text = TextField(required=False)
    client_id = serializers.CharField(max_length=100, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a ``client_id`` without the message that it belongs to."""
        if attrs.get("client_id") and not attrs.get("text"):
            raise serializers.ValidationError({"client_id": "It belongs to a text."})
        return attrs


class ChatChange(serializers.Serializer[Any]):
    """Another title, or another assistant from here on."""

    title = serializers.CharField(max_length=120, required=False)
    assistant = AssistantField(required=False)


class Rewording(serializers.Serializer[Any]):
    """A question in other words."""

    text = TextField()
