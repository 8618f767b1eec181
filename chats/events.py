"""The events of runs (CONTRACT 5), and the rows of calls that wait for approval.

``title`` belongs to conversations, which have the title.
"""

from datetime import datetime
from typing import Any

from channels_layer.log import events
from channels_layer.log.events import EventType, Kind, Representation
from channels_layer.log.events import register as register_types
from chats.models import ToolCall
from chats.objects.run import (
    ChunkObject,
    EndObject,
    RunStart,
    StatusObject,
    VisitorEnd,
    VisitorStart,
    continued,
)
from chats.objects.tool_call import (
    PublishedToolCall,
    ToolCallObject,
    ToolResultObject,
    tool_call_object,
)
from conversations.models import Conversation

RUN_STARTED = "run.started"
TOOL_CALL = "tool_call"
TOOL_RESULT = "tool_result"
END = "end"
CHUNK = "chunk"
STATUS = "status"
APPROVAL_SUMMARY = "approval.summary"
TOPIC = "conversation"
APPROVALS = "approvals"

_FOR_VISITORS = {"waiting_approval": "thinking", "tool_calling": "thinking"}


def register() -> None:
    """Add this app's events to the catalogue."""
    register_types(*_of_runs(), *_of_tools(), *_of_streams(), _of_approvals())


def _of_runs() -> tuple[EventType, ...]:
    return (
        EventType(
            RUN_STARTED,
            RunStart,
            Kind.DURABLE,
            TOPIC,
            "The assistant began to answer; message_id is the id the answer will have.",
            visitor=Representation(VisitorStart, _started_for_visitor),
        ),
        EventType(
            END,
            EndObject,
            Kind.DURABLE,
            TOPIC,
            "The run ended; message_id is empty when it left no message.",
            visitor=Representation(VisitorEnd, _end_for_visitor),
        ),
    )


def _of_tools() -> tuple[EventType, ...]:
    return (
        EventType(
            TOOL_CALL,
            PublishedToolCall,
            Kind.DURABLE,
            TOPIC,
            "The assistant wants to use a tool.",
        ),
        EventType(
            TOOL_RESULT,
            ToolResultObject,
            Kind.DURABLE,
            TOPIC,
            "A tool call was decided on, made, or given up.",
        ),
    )


def _of_approvals() -> EventType:
    return EventType(
        APPROVAL_SUMMARY,
        ToolCallObject,
        Kind.SUMMARY,
        APPROVALS,
        "A tool call that waits for approval, or waits no more; the higher seq wins.",
    )


def _of_streams() -> tuple[EventType, ...]:
    return (
        EventType(
            CHUNK,
            ChunkObject,
            Kind.STREAM,
            TOPIC,
            "A piece of the answer; offset counts code points.",
            visitor=Representation(ChunkObject),
            join=continued,
        ),
        EventType(
            STATUS,
            StatusObject,
            Kind.STREAM,
            TOPIC,
            "What the run is doing: thinking, responding, tool_calling, waiting_approval.",
            visitor=Representation(StatusObject, _status_for_visitor),
        ),
    )


def _started_for_visitor(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "assistant": {**data["assistant"], "id": None}}


def _end_for_visitor(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "usage"}


def _status_for_visitor(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "state": _FOR_VISITORS.get(data["state"], data["state"])}


def announce_approval(conversation: Conversation, call: ToolCall, *, at: datetime) -> None:
    """Announce the row of a call that waits for approval, or waits no more."""
    call.run.conversation = conversation
    events.announce(topic=APPROVALS, type=APPROVAL_SUMMARY, data=tool_call_object(call), at=at)
