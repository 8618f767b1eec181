"""Chats with assistants."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from channels_layer.rest import TextField, strict
from conversations.models import Assistant


class AssistantField(serializers.PrimaryKeyRelatedField[Assistant]):
    """The id of an assistant that is switched on."""

    def __init__(self, **kwargs: Any) -> None:
        """Search among the active ones."""
        active = Assistant.objects.filter(is_active=True)
        super().__init__(queryset=active, pk_field=strict.UUIDField(), **kwargs)


class ChatStart(serializers.Serializer[Any]):
    """A new chat, perhaps with the first message; the same `client_id` begins one once."""

    assistant = AssistantField()
    text = TextField(required=False)
    client_id = strict.CharField(max_length=100, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a ``client_id`` without the message that it belongs to."""
        if attrs.get("client_id") and not attrs.get("text"):
            raise serializers.ValidationError({"client_id": _("It belongs to a text.")})
        return attrs


class ChatChange(serializers.Serializer[Any]):
    """Another title, or another assistant from here on."""

    title = strict.CharField(max_length=120, required=False)
    assistant = AssistantField(required=False)


class Rewording(serializers.Serializer[Any]):
    """A question in other words."""

    text = TextField()
