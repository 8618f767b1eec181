"""Assistants and sources: how they are configured."""

from typing import Any

from rest_framework import serializers

from channels_layer.rest import MAX_TEXT, strict
from conversations import source_kinds
from conversations.models import Assistant

MAX_INSTRUCTIONS = 50_000


class HandoffTriggers(serializers.Serializer[Any]):
    """Words and limits that request a person by themselves."""

    words = serializers.ListField(child=strict.CharField(max_length=80), required=False)
    turn_cap = strict.IntegerField(required=False, min_value=1, max_value=1000)


class AssistantChange(serializers.Serializer[Any]):
    """How an assistant is to be configured; a new one needs a name."""

    name = strict.CharField(max_length=80)
    tagline = strict.CharField(max_length=120, required=False, allow_blank=True)
    avatar = strict.URLField(max_length=200, required=False, allow_blank=True)
    instructions = strict.TextField(max_length=MAX_INSTRUCTIONS, required=False, allow_blank=True)
    greeting = strict.CharField(max_length=MAX_TEXT, required=False, allow_blank=True)
    model = strict.CharField(max_length=120, required=False, allow_blank=True)
    temperature = strict.FloatField(required=False, allow_null=True, min_value=0.0, max_value=2.0)
    tools = serializers.ListField(child=strict.CharField(max_length=80), required=False)
    handoff_triggers = HandoffTriggers(required=False)
    is_active = strict.BooleanField(required=False)


class SourceChange(serializers.Serializer[Any]):
    """How a source is to be configured: what it is called and who answers."""

    name = strict.CharField(max_length=80)
    assistant = serializers.PrimaryKeyRelatedField(
        queryset=Assistant.objects.all(), pk_field=strict.UUIDField()
    )
    gather_seconds = strict.FloatField(required=False, min_value=0.0, max_value=60.0)
    is_active = strict.BooleanField(required=False)


class SourceStart(SourceChange):
    """A new source; kinds that need more than this are set up in the administration."""

    def get_fields(self) -> dict[str, Any]:
        """Add the kind, one of those that are registered now."""
        kind = serializers.ChoiceField(choices=source_kinds.choices_by_api())
        return super().get_fields() | {"kind": kind}
