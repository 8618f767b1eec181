"""The events of runs (CONTRACT 5). ``title`` belongs to conversations, which have the title."""

from typing import Any

from channels_layer.log.events import EventType, Kind
from channels_layer.log.events import register as register_types

RUN_STARTED = "run.started"
TOOL_CALL = "tool_call"
TOOL_RESULT = "tool_result"
END = "end"
CHUNK = "chunk"
STATUS = "status"
APPROVAL_SUMMARY = "approval.summary"
TOPIC = "conversation"
APPROVALS = "approvals"

TOOL_CALL_KEYS = (
    "id",
    "conversation",
    "run",
    "name",
    "title",
    "arguments",
    "status",
    "needs_approval",
    "decided_by",
    "note",
    "result",
    "created_at",
    "seq",
)

_FOR_VISITORS = {"waiting_approval": "thinking", "tool_calling": "thinking"}


def register() -> None:
    """Add this app's events to the catalogue."""
    register_types(*_of_runs(), *_of_tools(), *_of_streams(), _of_approvals())


def _of_runs() -> tuple[EventType, ...]:
    return (
        EventType(
            RUN_STARTED,
            Kind.DURABLE,
            TOPIC,
            ("run", "message_id", "assistant"),
            "The assistant began to answer; message_id is the id the answer will have.",
            visitor=_started_for_visitor,
        ),
        EventType(
            END,
            Kind.DURABLE,
            TOPIC,
            ("run", "message_id", "reason", "text_length", "usage"),
            "The run ended; message_id is empty when it left no message.",
            visitor=_end_for_visitor,
        ),
    )


def _of_tools() -> tuple[EventType, ...]:
    return (
        EventType(
            TOOL_CALL,
            Kind.DURABLE,
            TOPIC,
            ("run", "tool_call", "name", "title", "arguments", "needs_approval"),
            "The assistant wants to use a tool.",
        ),
        EventType(
            TOOL_RESULT,
            Kind.DURABLE,
            TOPIC,
            ("run", "tool_call", "status", "result", "by"),
            "A tool call was decided on, made, or given up.",
        ),
    )


def _of_approvals() -> EventType:
    return EventType(
        APPROVAL_SUMMARY,
        Kind.SUMMARY,
        APPROVALS,
        TOOL_CALL_KEYS,
        "A tool call that waits for approval, or waits no more; the higher seq wins.",
    )


def _of_streams() -> tuple[EventType, ...]:
    return (
        EventType(
            CHUNK,
            Kind.STREAM,
            TOPIC,
            ("run", "attempt", "message_id", "offset", "text", "snapshot"),
            "A piece of the answer; offset counts code points.",
            visitor=dict,
        ),
        EventType(
            STATUS,
            Kind.STREAM,
            TOPIC,
            ("run", "state"),
            "What the run is doing: thinking, responding, tool_calling, waiting_approval.",
            visitor=_status_for_visitor,
        ),
    )


def _started_for_visitor(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "assistant": {**data["assistant"], "id": None}}


def _end_for_visitor(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "usage"}


def _status_for_visitor(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "state": _FOR_VISITORS.get(data["state"], data["state"])}
