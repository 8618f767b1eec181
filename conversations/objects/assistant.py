"""A configured AI."""

from typing import Any

from rest_framework import serializers

from channels_layer import times
from conversations.models import Assistant
from conversations.models.assistant import TOOL_RULES

Json = dict[str, Any]
HIDDEN: Json = {
    "name": "",
    "tagline": "",
    "avatar": None,
    "instructions": "",
    "greeting": "",
    "model": "",
    "temperature": None,
    "context_tokens": None,
    "first_token_seconds": None,
    "idle_seconds": None,
    "total_seconds": None,
    "tools": [],
    "tool_rules": {},
    "approval_minutes": None,
    "handoff_triggers": {},
}
"""What a key that may write assistants and not read them gets to see instead."""


class AssistantObject(serializers.Serializer[Any]):
    """A configured AI."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    tagline = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)
    instructions = serializers.CharField()
    greeting = serializers.CharField()
    model = serializers.CharField(help_text="Empty: the deployment's.")
    temperature = serializers.FloatField(allow_null=True)
    context_tokens = serializers.IntegerField(
        allow_null=True, help_text="Tokens that its model reads at most; null: as is known of it."
    )
    first_token_seconds = serializers.IntegerField(
        allow_null=True, help_text="Until its model's first word; null: the deployment's."
    )
    idle_seconds = serializers.IntegerField(
        allow_null=True, help_text="That its model may be silent; null: the deployment's."
    )
    total_seconds = serializers.IntegerField(
        allow_null=True, help_text="For one answer of its model; null: the deployment's."
    )
    tools = serializers.ListField(child=serializers.CharField())
    tool_rules = serializers.DictField(
        child=serializers.ChoiceField(choices=TOOL_RULES),
        help_text="Who approves a tool's calls, by its name, if not as the tool says.",
    )
    approval_minutes = serializers.IntegerField(
        allow_null=True, help_text="After which a call that waits for approval expires."
    )
    handoff_triggers = serializers.DictField()
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()


def assistant_object(assistant: Assistant) -> Json:
    """Return an assistant as it is configured."""
    return {
        "id": str(assistant.pk),
        "name": assistant.name,
        "tagline": assistant.tagline,
        "avatar": assistant.avatar or None,
        "instructions": assistant.instructions,
        "greeting": assistant.greeting,
        "model": assistant.model,
        "temperature": assistant.temperature,
        "context_tokens": assistant.context_tokens,
        "first_token_seconds": assistant.first_token_seconds,
        "idle_seconds": assistant.idle_seconds,
        "total_seconds": assistant.total_seconds,
        "tools": assistant.tools,
        "tool_rules": assistant.tool_rules,
        "approval_minutes": assistant.approval_minutes,
        "handoff_triggers": assistant.handoff_triggers,
        "is_active": assistant.is_active,
        "created_at": times.iso(assistant.created_at),
    }
