"""The events of conversations (CONTRACT 5)."""

from typing import Any

from channels_layer.log.events import EventType, Kind
from channels_layer.log.events import register as register_type
from conversations import presenters

MESSAGE_CREATED = "message.created"
MESSAGE_UPDATED = "message.updated"
CONVERSATION_CREATED = "conversation.created"
CONVERSATION_UPDATED = "conversation.updated"
CONVERSATION_ENDED = "conversation.ended"
CONVERSATION_DELETED = "conversation.deleted"
CONVERSATION_SUMMARY = "conversation.summary"
TITLE = "title"
VARIABLES_UPDATED = "variables.updated"
TYPING = "typing"
VIEWING = "viewing"

MESSAGE = (
    "id",
    "conversation",
    "position",
    "author",
    "kind",
    "text",
    "cards",
    "attachments",
    "reply_to",
    "client_id",
    "run",
    "status",
    "error",
    "created_at",
    "edited_at",
)
CONVERSATION = (
    "id",
    "title",
    "source",
    "contact",
    "assistant",
    "lifecycle",
    "control",
    "switch",
    "epoch",
    "owner",
    "turn_count",
    "message_count",
    "customer_count",
    "last_message",
    "window_expires_at",
    "tags",
    "created_at",
    "ended_at",
    "seq",
)


def _typing_for_visitor(data: dict[str, Any]) -> dict[str, Any]:
    actor = data["actor"]
    return {"conversation": data["conversation"], "actor": {**actor, "id": None}}


def _message(name: str, summary: str) -> EventType:
    return EventType(
        name=name,
        kind=Kind.DURABLE,
        topic="conversation",
        fields=MESSAGE,
        summary=summary,
        visitor=presenters.visitor_message,
        present=presenters.with_links,
    )


def _conversation(name: str, summary: str) -> EventType:
    return EventType(
        name=name,
        kind=Kind.DURABLE,
        topic="conversation",
        fields=CONVERSATION,
        summary=summary,
        visitor=presenters.visitor_conversation,
    )


TYPES = (
    _message(MESSAGE_CREATED, "Somebody wrote, noted, or something happened; data is the message."),
    _message(MESSAGE_UPDATED, "A message changed: delivery status, transcript or edit."),
    _conversation(CONVERSATION_CREATED, "A conversation began; data is the conversation."),
    _conversation(
        CONVERSATION_UPDATED,
        "The conversation's own fields changed; data is the conversation.",
    ),
    _conversation(CONVERSATION_ENDED, "The conversation ended; data is the conversation."),
    EventType(
        name=CONVERSATION_DELETED,
        kind=Kind.DURABLE,
        topic="conversation",
        fields=("id",),
        summary="The conversation and all under it was deleted.",
        visitor=dict,
    ),
    EventType(
        name=TITLE,
        kind=Kind.DURABLE,
        topic="conversation",
        fields=("conversation", "title", "source"),
        summary="The conversation got a title: auto, fallback or given by a person.",
        visitor=dict,
    ),
    EventType(
        name=VARIABLES_UPDATED,
        kind=Kind.DURABLE,
        topic="conversation",
        fields=("variables",),
        summary="Named values of the conversation changed.",
    ),
    EventType(
        name=CONVERSATION_SUMMARY,
        kind=Kind.SUMMARY,
        topic="inbox",
        fields=CONVERSATION,
        summary="A row of the inbox; the higher seq wins.",
    ),
    EventType(
        name=TYPING,
        kind=Kind.EPHEMERAL,
        topic="conversation",
        fields=("conversation", "actor"),
        summary="Somebody is typing.",
        visitor=_typing_for_visitor,
    ),
    EventType(
        name=VIEWING,
        kind=Kind.EPHEMERAL,
        topic="conversation",
        fields=("conversation", "actor", "viewers"),
        summary="A colleague came or went; viewers are all who look at it now.",
    ),
)


def register() -> None:
    """Add this app's events to the catalogue."""
    register_type(*TYPES)
