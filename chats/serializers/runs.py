"""Runs, their tool calls, and what they take."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from chats.engine.arguments import can_be_kept
from chats.models import Run, ToolCall, Usage


class UsageObject(serializers.Serializer[Any]):
    """Tokens and cost; a cost that is not known is null."""

    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cached_tokens = serializers.IntegerField(help_text="Part of the input.")
    reasoning_tokens = serializers.IntegerField(help_text="Part of the output.")
    cost = serializers.CharField(allow_null=True, help_text="US dollars, as a decimal.")
    credits = serializers.CharField(allow_null=True, help_text="One is 0.01 of the currency.")
    is_estimated = serializers.BooleanField()
    calls = serializers.IntegerField(help_text="Of models.")


class PurposeUsage(UsageObject):
    """What was spent on one purpose."""

    purpose = serializers.ChoiceField(choices=Usage.Purpose.choices)


class ConversationUsage(UsageObject):
    """What a conversation took, in all and by purpose, and how long it lasted."""

    duration_seconds = serializers.FloatField(help_text="From the beginning to the last message.")
    purposes = PurposeUsage(many=True)


class RunObject(serializers.Serializer[Any]):
    """One execution of an assistant's loop; `message_id` is the id its answer has or will have."""

    id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    assistant = serializers.UUIDField()
    message_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Run.Status.choices)
    reason = serializers.CharField(allow_null=True, help_text="Why it ended.")
    error = serializers.CharField(allow_null=True)
    attempt = serializers.IntegerField()
    model = serializers.CharField()
    text_length = serializers.IntegerField(help_text="Code points.")
    usage = UsageObject(allow_null=True)
    started_at = serializers.DateTimeField()
    first_token_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


@extend_schema_field(OpenApiTypes.ANY)
class ResultField(serializers.JSONField):
    """What a tool gave back: any JSON, or text."""


class DeciderObject(serializers.Serializer[Any]):
    """Who decided."""

    sender = serializers.CharField()
    name = serializers.CharField()


class ToolCallObject(serializers.Serializer[Any]):
    """What an assistant wants to do, who decided on it, and what came of it."""

    id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    run = serializers.UUIDField()
    name = serializers.CharField()
    title = serializers.CharField()
    arguments = serializers.DictField()
    status = serializers.ChoiceField(choices=ToolCall.Status.choices)
    needs_approval = serializers.BooleanField()
    decided_by = DeciderObject(allow_null=True)
    note = serializers.CharField(allow_null=True)
    result = ResultField(allow_null=True)
    created_at = serializers.DateTimeField()
    seq = serializers.IntegerField(help_text="The head of the conversation's topic.")


class Denial(serializers.Serializer[Any]):
    """Why not."""

    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class Approval(Denial):
    """With which arguments; those of the model unless told otherwise."""

    arguments = serializers.DictField(required=False)

    def validate_arguments(self, value: dict[str, Any]) -> dict[str, Any]:
        """Refuse what the contract refuses in texts, wherever it stands."""
        if not can_be_kept(value):
            detail = "Null characters and lone surrogates are not allowed."
            raise serializers.ValidationError(detail)
        return value
