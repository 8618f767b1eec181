"""One execution of an assistant's loop, and its events."""

from collections.abc import Iterator
from typing import Any

from rest_framework import serializers

from channels_layer import times
from channels_layer.transport import stream
from chats.models import Run
from chats.objects.usage import Spent, UsageObject, usage_object
from conversations.models import Assistant
from conversations.objects.conversation import (
    AssistantReference,
    VisitorAssistant,
    assistant_reference,
)

Json = dict[str, Any]
HIDDEN: Json = {
    "error": None,
    "error_detail": None,
    "model": "",
    "text_length": 0,
    "reasoning": "",
    "usage": None,
}
"""What a key that may write conversations and not read them gets to see instead."""
REASONS = ["stop", "length", "cancelled", "superseded", "interrupted", "error", "limit"]


class RunObject(serializers.Serializer[Any]):
    """One execution of an assistant's loop; `message_id` is the id its answer has or will have."""

    id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    assistant = serializers.UUIDField()
    message_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Run.Status.choices)
    reason = serializers.CharField(allow_null=True, help_text="Why it ended.")
    error = serializers.CharField(allow_null=True)
    error_detail = serializers.CharField(
        allow_null=True, help_text="What failed, in the words of the model's provider."
    )
    attempt = serializers.IntegerField()
    model = serializers.CharField()
    text_length = serializers.IntegerField(help_text="Code points.")
    reasoning = serializers.CharField(
        help_text="What the model thought aloud, for staff alone; empty for most."
    )
    usage = UsageObject(allow_null=True)
    started_at = serializers.DateTimeField()
    first_token_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class RunStart(serializers.Serializer[Any]):
    """An answer that begins: `message_id` and `behind` are what its message will have."""

    run = serializers.UUIDField()
    message_id = serializers.UUIDField()
    behind = serializers.IntegerField(allow_null=True)
    assistant = AssistantReference()


class VisitorStart(RunStart):
    """An answer that begins, as the customer sees it."""

    assistant = VisitorAssistant()  # type: ignore[assignment]


class EndObject(serializers.Serializer[Any]):
    """A run that ended; `message_id` is null when it left no message."""

    run = serializers.UUIDField()
    message_id = serializers.UUIDField(allow_null=True)
    reason = serializers.ChoiceField(choices=REASONS)
    text_length = serializers.IntegerField(help_text="Code points.")
    usage = UsageObject()


class VisitorEnd(EndObject):
    """A run that ended, as the customer sees it."""

    usage = None  # type: ignore[assignment]


class ChunkObject(serializers.Serializer[Any]):
    """A piece of an answer; with `snapshot` it replaces the whole text and says where it stands."""

    run = serializers.UUIDField()
    attempt = serializers.IntegerField()
    message_id = serializers.UUIDField()
    offset = serializers.IntegerField(help_text="Code points.")
    text = serializers.CharField()
    snapshot = serializers.BooleanField(required=False)
    behind = serializers.IntegerField(required=False, allow_null=True)


class StatusObject(serializers.Serializer[Any]):
    """What a run is doing."""

    run = serializers.UUIDField()
    state = serializers.ChoiceField(
        choices=["thinking", "responding", "tool_calling", "waiting_approval"]
    )


def run_object(run: Run, spent: Spent | None, *, reasoning: str) -> Json:
    """Return a run as staff and keys see it; ``message_id`` is that of its answer."""
    return {
        "id": str(run.pk),
        "conversation": str(run.conversation_id),
        "assistant": str(run.assistant_id),
        "message_id": str(run.message_id),
        "status": run.status,
        "reason": run.reason or None,
        "error": run.error or None,
        "error_detail": run.error_detail or None,
        "attempt": run.attempt,
        "model": run.model,
        "text_length": len(run.text),
        "reasoning": reasoning,
        "usage": usage_object(spent) if spent else None,
        "started_at": times.iso(run.started_at),
        "first_token_at": times.iso(run.first_token_at) if run.first_token_at else None,
        "ended_at": times.iso(run.ended_at) if run.ended_at else None,
    }


def started(run: Run, assistant: Assistant) -> Json:
    """Return the data of ``run.started``."""
    shown = assistant_reference(id=assistant.pk, name=assistant.name, avatar=assistant.avatar)
    return {
        "run": str(run.pk),
        "message_id": str(run.message_id),
        "behind": run.behind,
        "assistant": shown,
    }


def ended(run: Run, *, has_message: bool, spent: Spent) -> Json:
    """Return the data of ``end``."""
    return {
        "run": str(run.pk),
        "message_id": str(run.message_id) if has_message else None,
        "reason": run.reason,
        "text_length": len(run.text) if has_message else 0,
        "usage": usage_object(spent),
    }


def chunk(run: Run, *, offset: int, text: str) -> Json:
    """Return the data of a ``chunk`` that continues the text."""
    return {
        "run": str(run.pk),
        "attempt": run.attempt,
        "message_id": str(run.message_id),
        "offset": offset,
        "text": text,
    }


def continued(first: Json, second: Json) -> Json | None:
    """Return the data of one ``chunk`` in place of two, if the second begins within the first.

    The text of an attempt only grows, so what both have is the same, and what the second has beyond
    is what comes next.
    """
    if "snapshot" in first or "snapshot" in second:
        return None
    if (second["run"], second["attempt"]) != (first["run"], first["attempt"]):
        return None
    known = first["offset"] + len(first["text"]) - second["offset"]
    if second["offset"] < first["offset"] or known < 0:
        return None
    return {**first, "text": first["text"] + second["text"][known:]}


def snapshot(run: Run, *, attempt: int, text: str) -> Iterator[Json]:
    """Yield the data of the chunks that replace all of a run's text; the first says so."""
    for offset, piece in stream.pieces(text):
        data = chunk(run, offset=offset, text=piece) | {"attempt": attempt}
        yield data if offset else data | {"snapshot": True, "behind": run.behind}
