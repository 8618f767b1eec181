"""A chat of staff or of another system with an assistant."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from conversations.objects.conversation import AssistantReference, LastMessage

Json = dict[str, Any]
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


def chat_object(conversation: Mapping[str, Any]) -> Json:
    """Return a chat, out of the object of its conversation."""
    return {
        "id": conversation["id"],
        "conversation": conversation["id"],
        "title": conversation["title"],
        "assistant": conversation["assistant"],
        "message_count": conversation["message_count"],
        "last_message": conversation["last_message"],
        "created_at": conversation["created_at"],
    }
