"""What an assistant wants to do, who decided on it, and what came of it."""

from typing import Any

import orjson
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from channels_layer import times
from channels_layer.rest import Refusal
from chats.models import ToolCall

Json = dict[str, Any]
HIDDEN: Json = {"arguments": {}, "decided_by": None, "note": None, "result": None}
"""What a key that may write conversations and not read them gets to see instead."""


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


class DecisionRefusal(Refusal):
    """Why a decision does not count; with `already_decided` the one that does."""

    status = serializers.ChoiceField(choices=ToolCall.Status.choices, required=False)
    decided_by = serializers.CharField(required=False, allow_null=True, help_text="A name.")


class PublishedToolCall(serializers.Serializer[Any]):
    """A tool that the assistant wants to use."""

    run = serializers.UUIDField()
    tool_call = serializers.UUIDField()
    name = serializers.CharField()
    title = serializers.CharField()
    arguments = serializers.DictField()
    needs_approval = serializers.BooleanField()


class ToolResultObject(serializers.Serializer[Any]):
    """A tool call that was decided on, made, or given up."""

    run = serializers.UUIDField()
    tool_call = serializers.UUIDField()
    status = serializers.ChoiceField(choices=ToolCall.Status.choices)
    result = ResultField(allow_null=True)
    by = serializers.CharField(allow_null=True)


def tool_call_object(call: ToolCall) -> Json:
    """Return a tool call as staff and keys see it, with its conversation's ``seq``.

    Its run and conversation are loaded with it.
    """
    decider = {"sender": call.decided_by, "name": call.decider_name} if call.decided_by else None
    return {
        "id": str(call.pk),
        "conversation": str(call.run.conversation_id),
        "run": str(call.run_id),
        "name": call.name,
        "title": call.title,
        "arguments": call.arguments,
        "status": call.status,
        "needs_approval": call.needs_approval,
        "decided_by": decider,
        "note": call.note or None,
        "result": result_object(call.result),
        "created_at": times.iso(call.created_at),
        "seq": call.run.conversation.seq,
    }


def tool_call(call: ToolCall) -> Json:
    """Return the data of ``tool_call``."""
    return {
        "run": str(call.run_id),
        "tool_call": str(call.pk),
        "name": call.name,
        "title": call.title,
        "arguments": call.arguments,
        "needs_approval": call.needs_approval,
    }


def tool_result(call: ToolCall) -> Json:
    """Return the data of ``tool_result``."""
    return {
        "run": str(call.run_id),
        "tool_call": str(call.pk),
        "status": call.status,
        "result": result_object(call.result),
        "by": call.decider_name or None,
    }


def result_object(result: str) -> Any:
    """Return a tool's result as JSON where it is some, else as text."""
    if not result:
        return None
    try:
        return orjson.loads(result)
    except orjson.JSONDecodeError:
        return result
