"""One thread and who has the floor, as staff and keys see it and as its customer does; its events.

Rows are mappings with the keys of ``CONVERSATION_FIELDS``, read with ``.values()``; times are
ISO 8601 in UTC with milliseconds.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from channels_layer import times
from conversations.models import AuthorKind, Conversation, Variable
from conversations.objects import examples
from conversations.objects.source import SourceKindField
from handoff.models import Control, Lifecycle, Switch
from handoff.objects import (
    REQUESTERS,
    VISITOR_SWITCHES,
    ActorReference,
    OwnerName,
    PersonReference,
    visitor_floor,
)

Json = dict[str, Any]

CONVERSATION_FIELDS = (
    "id",
    "title",
    "title_source",
    "source_id",
    "source__kind",
    "source__name",
    "contact_id",
    "contact__name",
    "contact__email",
    "contact__phone",
    "contact__attributes",
    "contact__blocked_at",
    "external_id",
    "assistant_id",
    "assistant__name",
    "assistant__avatar",
    "author_id",
    "author__first_name",
    "author__last_name",
    "author__username",
    "lifecycle",
    "control",
    "switch",
    "epoch",
    "owner_id",
    "owner__first_name",
    "owner__last_name",
    "owner__username",
    "requested_at",
    "request_reason",
    "requested_by",
    "turn_count",
    "message_count",
    "customer_count",
    "last_message_at",
    "last_message_text",
    "last_author_kind",
    "last_author_name",
    "window_expires_at",
    "tags",
    "created_at",
    "ended_at",
    "seq",
)


class SourceReference(serializers.Serializer[Any]):
    """Where a conversation comes from."""

    id = serializers.UUIDField()
    kind = SourceKindField()
    name = serializers.CharField()


class ContactReference(serializers.Serializer[Any]):
    """The customer of a conversation."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    blocked = serializers.BooleanField()


class AssistantReference(serializers.Serializer[Any]):
    """The assistant of a conversation."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)


class LastMessage(serializers.Serializer[Any]):
    """What a list row shows of the newest message."""

    text = serializers.CharField()
    author_kind = serializers.ChoiceField(choices=AuthorKind.choices)
    author_name = serializers.CharField()
    at = serializers.DateTimeField()


class SharedConversation(serializers.Serializer[Any]):
    """One thread and who has the floor, without what differs from person to person."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    source = SourceReference()  # type: ignore[assignment]
    contact = ContactReference(allow_null=True)
    assistant = AssistantReference()
    author = PersonReference(allow_null=True, help_text="Whose chat this is, if it is one.")
    lifecycle = serializers.ChoiceField(choices=Lifecycle.choices)
    control = serializers.ChoiceField(choices=Control.choices)
    switch = serializers.ChoiceField(choices=Switch.choices)
    epoch = serializers.IntegerField()
    owner = PersonReference(allow_null=True)
    requested_at = serializers.DateTimeField(allow_null=True)
    request_reason = serializers.CharField(allow_null=True)
    requested_by = serializers.ChoiceField(
        choices=REQUESTERS,
        allow_null=True,
        help_text="Who asked for a person; the customer is not told of a request of the staff.",
    )
    turn_count = serializers.IntegerField()
    message_count = serializers.IntegerField()
    customer_count = serializers.IntegerField()
    last_message = LastMessage(allow_null=True)
    window_expires_at = serializers.DateTimeField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seq = serializers.IntegerField()


@extend_schema_serializer(
    examples=[OpenApiExample("Conversation", value=examples.CONVERSATION, response_only=True)]
)
class ConversationObject(SharedConversation):
    """One thread and who has the floor; `seq` is the head of its topic at this moment."""

    unread_count = serializers.IntegerField(help_text="Customer messages the reader has not read.")


class VisitorAssistant(serializers.Serializer[Any]):
    """An assistant, as customers know it; `id` is always null."""

    id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)


class VisitorConversation(serializers.Serializer[Any]):
    """A conversation, as its customer sees it."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    assistant = VisitorAssistant()
    lifecycle = serializers.ChoiceField(choices=Lifecycle.choices)
    control = serializers.ChoiceField(choices=Control.choices)
    switch = serializers.ChoiceField(choices=VISITOR_SWITCHES)
    owner = OwnerName(allow_null=True)
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seq = serializers.IntegerField()


class VariableObject(serializers.Serializer[Any]):
    """A named value, and where it came from."""

    name = serializers.CharField()
    value = serializers.CharField()
    source = serializers.ChoiceField(choices=Variable.Origin.choices)  # type: ignore[assignment]
    by = serializers.CharField()
    updated_at = serializers.DateTimeField()


class DeletedConversation(serializers.Serializer[Any]):
    """A conversation that is no more."""

    id = serializers.UUIDField()


class TitleObject(serializers.Serializer[Any]):
    """The title of a conversation, and who gave it."""

    conversation = serializers.UUIDField()
    title = serializers.CharField()
    source = serializers.ChoiceField(choices=Conversation.TitleSource.choices)  # type: ignore[assignment]


class VariablesObject(serializers.Serializer[Any]):
    """The named values of a conversation that changed; the others stay as they were."""

    variables = VariableObject(many=True)


class TypingObject(serializers.Serializer[Any]):
    """Somebody is typing."""

    conversation = serializers.UUIDField()
    actor = ActorReference()


class ViewingObject(serializers.Serializer[Any]):
    """A colleague came or went; `viewers` are all who look at it now."""

    conversation = serializers.UUIDField()
    actor = ActorReference(allow_null=True, help_text="Null for whoever begins to follow.")
    viewers = PersonReference(many=True)


def conversation_object(row: Mapping[str, Any], *, read_count: int | None = None) -> Json:
    """Return a conversation as staff and keys see it.

    ``read_count`` is how many customer messages the reader has read; without it there is no
    ``unread_count``, which differs from person to person.
    """
    shown: Json = {
        "id": str(row["id"]),
        "title": row["title"],
        "source": source_reference(
            id=row["source_id"], kind=row["source__kind"], name=row["source__name"]
        ),
        "contact": _contact(row),
        "assistant": assistant_reference(
            id=row["assistant_id"], name=row["assistant__name"], avatar=row["assistant__avatar"]
        ),
        "author": person(row, "author"),
        **_floor(row),
        "turn_count": row["turn_count"],
        "message_count": row["message_count"],
        "customer_count": row["customer_count"],
        "last_message": _last_message(row),
        "window_expires_at": times.iso(row["window_expires_at"]),
        "tags": row["tags"],
        "created_at": times.iso(row["created_at"]),
        "ended_at": times.iso(row["ended_at"]),
        "seq": row["seq"],
    }
    if read_count is not None:
        shown["unread_count"] = max(0, row["customer_count"] - read_count)
    return shown


def source_reference(*, id: UUID, kind: str, name: str) -> Json:
    """Return a source as conversations and identities refer to it."""
    return {"id": str(id), "kind": kind, "name": name}


def assistant_reference(*, id: UUID, name: str, avatar: str) -> Json:
    """Return an assistant as conversations, chats and answers refer to it."""
    return {"id": str(id), "name": name, "avatar": avatar or None}


def visitor_conversation(data: Mapping[str, Any]) -> Json:
    """Return a conversation object as its customer may see it."""
    return {
        "id": data["id"],
        "title": data["title"],
        "assistant": {**data["assistant"], "id": None},
        **visitor_floor(data),
        "created_at": data["created_at"],
        "ended_at": data["ended_at"],
        "seq": data["seq"],
    }


def without_customer(data: Json) -> Json:
    """Return a conversation object without what is known of its customer and what was said.

    For a key that may write conversations and not read them.
    """
    contact = data["contact"]
    hidden = {"name": "", "email": "", "phone": "", "external_id": None}
    return {
        **data,
        "title": "",
        "contact": {**contact, **hidden} if contact else None,
        "request_reason": None,
        "last_message": None,
        "tags": [],
    }


def variable_object(variable: Variable) -> Json:
    """Return a variable with where it came from."""
    return {
        "name": variable.name,
        "value": variable.value,
        "source": variable.origin,
        "by": variable.origin_name,
        "updated_at": times.iso(variable.updated_at),
    }


def row_of(conversation: Conversation) -> Json:
    """Return a loaded conversation as the mapping that ``conversation_object`` reads."""
    return columns_of(conversation, CONVERSATION_FIELDS)


def columns_of(loaded: Model, fields: Iterable[str]) -> Json:
    """Return what ``.values(*fields)`` would, out of a loaded object; None beyond an empty key."""
    row: Json = {}
    for field in fields:
        value: Any = loaded
        for part in field.split("__"):
            value = getattr(value, part, None)
        row[field] = value
    return row


def person(row: Mapping[str, Any], prefix: str) -> Json | None:
    """Return the person in the columns of a row that begin with ``prefix``; None for nobody."""
    if row[f"{prefix}_id"] is None:
        return None
    full = f"{row[f'{prefix}__first_name']} {row[f'{prefix}__last_name']}".strip()
    return {"id": row[f"{prefix}_id"], "name": full or row[f"{prefix}__username"]}


def _floor(row: Mapping[str, Any]) -> Json:
    return {
        "lifecycle": row["lifecycle"],
        "control": row["control"],
        "switch": row["switch"],
        "epoch": row["epoch"],
        "owner": person(row, "owner"),
        "requested_at": times.iso(row["requested_at"]),
        "request_reason": row["request_reason"] or None,
        "requested_by": row["requested_by"] or None,
    }


def _contact(row: Mapping[str, Any]) -> Json | None:
    if row["contact_id"] is None:
        return None
    return {
        "id": str(row["contact_id"]),
        "name": row["contact__name"],
        "email": row["contact__email"],
        "phone": row["contact__phone"],
        "external_id": row["external_id"] or None,
        "blocked": row["contact__blocked_at"] is not None,
    }


def _last_message(row: Mapping[str, Any]) -> Json | None:
    if not row["last_author_kind"]:
        return None
    return {
        "text": row["last_message_text"],
        "author_kind": row["last_author_kind"],
        "author_name": row["last_author_name"],
        "at": times.iso(row["last_message_at"]),
    }
