"""What an assistant wants to do, who decided on it, and what came of it."""

from datetime import datetime
from typing import Any

import orjson
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from channels_layer import sentences, times
from channels_layer.rest import Refusal
from chats import summaries
from chats.models import ToolCall
from handoff.models import Agent

Json = dict[str, Any]
LONGEST_SENT = 8_000
"""Code points of a result in events and lists; the call itself has the whole of it."""
HIDDEN: Json = {
    "arguments": {},
    "asked": None,
    "summary": "",
    "decided_by": None,
    "note": None,
    "result": None,
    "checked_by": None,
    "check_note": None,
}
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
    summary = serializers.CharField(
        allow_blank=True, help_text="What will happen, in words; empty where the tool has none."
    )
    arguments = serializers.DictField(help_text="As they are used, perhaps edited.")
    asked = serializers.DictField(
        allow_null=True, help_text="As the model wrote them; null where that is no JSON object."
    )
    status = serializers.ChoiceField(choices=ToolCall.Status.choices)
    needs_approval = serializers.BooleanField()
    role = serializers.ChoiceField(choices=Agent.Role.choices, help_text="Who may decide.")
    expires_at = serializers.DateTimeField(allow_null=True)
    decided_by = DeciderObject(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_null=True)
    checked_by = DeciderObject(
        allow_null=True, help_text="Who found out what became of a call with an unknown outcome."
    )
    checked_at = serializers.DateTimeField(allow_null=True)
    check_note = serializers.CharField(allow_null=True)
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


def tool_call_object(call: ToolCall, *, is_whole: bool = False) -> Json:
    """Return a tool call as staff and keys see it, with its conversation's ``seq``.

    Its run and conversation are loaded with it. A long result is cut unless it ``is_whole``.
    """
    return {
        "id": str(call.pk),
        "conversation": str(call.run.conversation_id),
        "run": str(call.run_id),
        "name": call.name,
        "title": call.title,
        "summary": summary(call),
        "arguments": call.arguments,
        "asked": asked(call),
        "status": call.status,
        "needs_approval": call.needs_approval,
        "role": call.role,
        "expires_at": _iso(call.expires_at),
        "decided_by": _person(call.decided_by, call.decider_name),
        "decided_at": _iso(call.decided_at),
        "note": call.note or None,
        "checked_by": _person(call.checked_by, call.checker_name),
        "checked_at": _iso(call.checked_at),
        "check_note": call.check_note or None,
        "result": result_object(call.result if is_whole else _sent(call.result)),
        "created_at": times.iso(call.created_at),
        "seq": call.run.conversation.seq,
    }


def summary(call: ToolCall) -> str:
    """Return what the call will do in plain words; empty where its tool does not say."""
    return summaries.filled(sentences.translated(call.summary), call.arguments)


def asked(call: ToolCall) -> Json | None:
    """Return the arguments as the model wrote them; None where that is no JSON object."""
    try:
        written = orjson.loads(call.raw or "{}")
    except orjson.JSONDecodeError:
        return None
    return written if isinstance(written, dict) else None


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
        "result": result_object(_sent(call.result)),
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


def _sent(result: str) -> str:
    return result if len(result) <= LONGEST_SENT else f"{result[: LONGEST_SENT - 1]}…"


def _person(reference: str, name: str) -> Json | None:
    return {"sender": reference, "name": name} if reference else None


def _iso(at: datetime | None) -> str | None:
    return times.iso(at) if at else None
