"""Assistants and sources: how they are configured."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from channels_layer.rest import strict
from conversations import handoff_triggers, source_kinds
from conversations.models import Assistant
from conversations.models.assistant import (
    HOTTEST,
    LARGEST_WINDOW,
    LONGEST_APPROVAL,
    LONGEST_GREETING,
    LONGEST_INSTRUCTIONS,
    LONGEST_TOOL_NAME,
    LONGEST_WAIT,
    SMALLEST_WINDOW,
    TOOL_RULES,
)
from conversations.models.source import LONGEST_GATHERING


class HandoffTriggers(serializers.Serializer[Any]):
    """Words and limits that are to request a person; they are kept, and not acted on yet."""

    words = serializers.ListField(
        child=strict.CharField(max_length=handoff_triggers.LONGEST_WORD),
        required=False,
        max_length=handoff_triggers.MOST_WORDS,
    )
    turn_cap = strict.IntegerField(
        required=False, min_value=1, max_value=handoff_triggers.HIGHEST_CAP
    )

    def to_internal_value(self, data: Any) -> Any:
        """Refuse names that are none, which would be dropped without a word."""
        if isinstance(data, dict) and set(data) - set(self.fields):
            try:
                handoff_triggers.validate(data)
            except ValidationError as error:
                raise serializers.ValidationError(error.messages) from None
        return super().to_internal_value(data)


class AssistantChange(serializers.Serializer[Any]):
    """How an assistant is to be configured; a new one needs a name."""

    name = strict.CharField(max_length=80)
    tagline = strict.CharField(max_length=120, required=False, allow_blank=True)
    avatar = strict.URLField(max_length=200, required=False, allow_blank=True)
    instructions = strict.TextField(
        max_length=LONGEST_INSTRUCTIONS, required=False, allow_blank=True
    )
    greeting = strict.CharField(max_length=LONGEST_GREETING, required=False, allow_blank=True)
    model = strict.CharField(max_length=120, required=False, allow_blank=True)
    temperature = strict.FloatField(
        required=False, allow_null=True, min_value=0.0, max_value=HOTTEST
    )
    context_tokens = strict.IntegerField(
        required=False, allow_null=True, min_value=SMALLEST_WINDOW, max_value=LARGEST_WINDOW
    )
    first_token_seconds = strict.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LONGEST_WAIT
    )
    idle_seconds = strict.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LONGEST_WAIT
    )
    total_seconds = strict.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LONGEST_WAIT
    )
    tools = serializers.ListField(
        child=strict.CharField(max_length=LONGEST_TOOL_NAME), required=False
    )
    tool_rules = serializers.DictField(
        child=serializers.ChoiceField(choices=TOOL_RULES), required=False
    )
    approval_minutes = strict.IntegerField(required=False, min_value=1, max_value=LONGEST_APPROVAL)
    handoff_triggers = HandoffTriggers(required=False)
    is_active = strict.BooleanField(required=False)


class SourceChange(serializers.Serializer[Any]):
    """How a source is to be configured: what it is called and who answers."""

    name = strict.CharField(max_length=80)
    assistant = serializers.PrimaryKeyRelatedField(
        queryset=Assistant.objects.all(), pk_field=strict.UUIDField()
    )
    gather_seconds = strict.FloatField(required=False, min_value=0.0, max_value=LONGEST_GATHERING)
    is_active = strict.BooleanField(required=False)


class SourceStart(SourceChange):
    """A new source; kinds that need more than this are set up in the administration."""

    def get_fields(self) -> dict[str, Any]:
        """Add the kind, one of those that are registered now."""
        kind = serializers.ChoiceField(choices=source_kinds.choices_by_api())
        return super().get_fields() | {"kind": kind}
