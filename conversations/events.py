"""The events of conversations (CONTRACT 5)."""

from typing import Any

from channels_layer.log.events import EventType, Kind, Representation
from channels_layer.log.events import register as register_type
from conversations.objects.conversation import (
    DeletedConversation,
    SharedConversation,
    TitleObject,
    TypingObject,
    VariablesObject,
    ViewingObject,
    VisitorConversation,
    visitor_conversation,
)
from conversations.objects.message import (
    MessageObject,
    VisitorMessage,
    is_public,
    visitor_message,
    with_links,
)

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


def _typing_for_visitor(data: dict[str, Any]) -> dict[str, Any]:
    actor = data["actor"]
    return {"conversation": data["conversation"], "actor": {**actor, "id": None}}


def _message_for_visitor(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return the message without a quoted note, which events of earlier releases may name."""
    shown = visitor_message(data)
    if shown and shown["reply_to"] and not is_public(shown["reply_to"]):
        shown["reply_to"] = None
    return shown


def _message(name: str, summary: str) -> EventType:
    return EventType(
        name=name,
        kind=Kind.DURABLE,
        topic="conversation",
        object=MessageObject,
        summary=summary,
        visitor=Representation(VisitorMessage, _message_for_visitor),
        present=with_links,
    )


def _conversation(name: str, summary: str) -> EventType:
    return EventType(
        name=name,
        kind=Kind.DURABLE,
        topic="conversation",
        object=SharedConversation,
        summary=summary,
        visitor=Representation(VisitorConversation, visitor_conversation),
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
        object=DeletedConversation,
        summary="The conversation and all under it was deleted.",
        visitor=Representation(DeletedConversation),
    ),
    EventType(
        name=TITLE,
        kind=Kind.DURABLE,
        topic="conversation",
        object=TitleObject,
        summary="The conversation got a title: auto, fallback or given by a person.",
        visitor=Representation(TitleObject),
    ),
    EventType(
        name=VARIABLES_UPDATED,
        kind=Kind.DURABLE,
        topic="conversation",
        object=VariablesObject,
        summary="Named values of the conversation changed.",
    ),
    EventType(
        name=CONVERSATION_SUMMARY,
        kind=Kind.SUMMARY,
        topic="inbox",
        object=SharedConversation,
        summary="A row of the inbox; the higher seq wins.",
    ),
    EventType(
        name=TYPING,
        kind=Kind.EPHEMERAL,
        topic="conversation",
        object=TypingObject,
        summary="Somebody is typing.",
        visitor=Representation(TypingObject, _typing_for_visitor),
    ),
    EventType(
        name=VIEWING,
        kind=Kind.EPHEMERAL,
        topic="conversation",
        object=ViewingObject,
        summary="A colleague came or went; viewers are all who look at it now.",
    ),
)


def register() -> None:
    """Add this app's events to the catalogue."""
    register_type(*TYPES)
