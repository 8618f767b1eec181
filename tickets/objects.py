"""Tickets, comments and changes as they are sent, for REST, sockets and webhooks alike.

Rows are mappings with the keys of ``TICKET_FIELDS``, read with ``.values()``.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from channels_layer import times
from channels_layer.access.actors import parts_of
from channels_layer.rest import MAX_TEXT, Refusal
from conversations.models import Attachment, Contact
from conversations.objects.attachment import AttachmentObject, attachment_object
from conversations.objects.conversation import columns_of, person
from handoff.models import name_of
from handoff.objects import PersonReference
from tickets.models import PRIORITY_WORDS, Change, Comment, Priority, Status, Ticket

EXAMPLE: dict[str, Any] = {
    "id": "01970c3a-11aa-7d02-8a55-6f1f4f1b2c44",
    "number": 1042,
    "subject": "Carrier damage claim, lamp",
    "description": "Lamp from ORD-12345 arrived with a cracked base.",
    "status": "pending",
    "priority": "high",
    "assignee": {"id": 2, "name": "Bob Okafor"},
    "requester": {
        "id": "01970c2e-4d1b-7cc0-8f4f-4f0a3a5d1c22",
        "name": "Maya Lindqvist",
        "email": "maya@lindqvist.example",
        "phone": "+46703184402",
    },
    "tags": ["carrier"],
    "due_at": "2026-11-24T16:00:00.000Z",
    "conversations": ["01970c2e-4d1f-7a52-9a3e-0c7f6f2b8a11"],
    "created_by": {"kind": "staff", "id": "1", "name": "Alice Moreau"},
    "comment_count": 2,
    "version": 3,
    "created_at": "2026-11-20T12:40:10.511Z",
    "changed_at": "2026-11-20T13:02:00.000Z",
    "opened_at": "2026-11-20T12:40:10.511Z",
    "first_reply_at": "2026-11-20T12:55:31.002Z",
    "solved_at": None,
    "closed_at": None,
    "reopen_count": 0,
    "seq": 5,
}

Json = dict[str, Any]

TICKET_FIELDS = (
    "id",
    "number",
    "subject",
    "description",
    "status",
    "priority",
    "assignee_id",
    "assignee__first_name",
    "assignee__last_name",
    "assignee__username",
    "requester_id",
    "requester__name",
    "requester__email",
    "requester__phone",
    "tags",
    "due_at",
    "due_order",
    "created_by",
    "created_by_name",
    "comment_count",
    "version",
    "created_at",
    "changed_at",
    "opened_at",
    "first_reply_at",
    "solved_at",
    "closed_at",
    "reopen_count",
    "seq",
)
TIMES = (
    "due_at",
    "created_at",
    "changed_at",
    "opened_at",
    "first_reply_at",
    "solved_at",
    "closed_at",
)
AS_IT_IS = (
    "number",
    "subject",
    "description",
    "status",
    "tags",
    "comment_count",
    "version",
    "reopen_count",
    "seq",
)
AUTHOR_KINDS = {"user": "staff", "key": "key", "contact": "contact", "assistant": "assistant"}


class AuthorObject(serializers.Serializer[Any]):
    """Who did it."""

    kind = serializers.ChoiceField(choices=["staff", "key", "contact", "assistant", "system"])
    id = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class RequesterObject(serializers.Serializer[Any]):
    """The contact for whom it is done."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("Ticket", value=EXAMPLE, response_only=True)])
class TicketObject(serializers.Serializer[Any]):
    """Something that has to be done; `version` guards changes, `seq` is its topic's head."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    subject = serializers.CharField()
    description = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    priority = serializers.ChoiceField(choices=list(PRIORITY_WORDS))
    assignee = PersonReference(allow_null=True)
    requester = RequesterObject(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    due_at = serializers.DateTimeField(allow_null=True)
    conversations = serializers.ListField(child=serializers.UUIDField())
    created_by = AuthorObject()
    comment_count = serializers.IntegerField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    opened_at = serializers.DateTimeField(help_text="When it was made or last opened again.")
    first_reply_at = serializers.DateTimeField(allow_null=True)
    solved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    reopen_count = serializers.IntegerField()
    seq = serializers.IntegerField()


class CommentObject(serializers.Serializer[Any]):
    """A remark on a ticket; `message` is the one in which the customer got it."""

    id = serializers.UUIDField()
    ticket = serializers.UUIDField()
    author = AuthorObject()
    kind = serializers.ChoiceField(choices=Comment.Kind.choices)
    text = serializers.CharField()
    attachments = AttachmentObject(many=True)
    client_id = serializers.CharField(allow_null=True)
    message = serializers.UUIDField(allow_null=True)
    undelivered = serializers.ChoiceField(
        choices=Comment.Obstacle.choices,
        allow_null=True,
        help_text="Why the customer did not get a public comment.",
    )
    created_at = serializers.DateTimeField()


@extend_schema_field(OpenApiTypes.ANY)
class ValueField(serializers.JSONField):
    """The value of a ticket's field, as the ticket shows it."""


class ChangeObject(serializers.Serializer[Any]):
    """One change, with the values before and after; a description's are left out in events."""

    field = serializers.CharField()
    by = AuthorObject()
    reason = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, Any]:
        """Add the two fields that are words of Python's."""
        value = ValueField(allow_null=True, required=False)
        return super().get_fields() | {"from": value, "to": deepcopy(value)}


class ChangedTicket(TicketObject):
    """A ticket, and what changed of it."""

    changes = ChangeObject(many=True)


class TicketRefusal(Refusal):
    """Why a change was not made; with `stale_version` what others have changed meanwhile."""

    version = serializers.IntegerField(required=False, help_text="The one that counts now.")
    changes = ChangeObject(many=True, required=False)
    ticket = TicketObject(required=False, help_text="As it is now.")


class ProposalObject(serializers.Serializer[Any]):
    """A subject and description for a ticket; `source` is `model` or `fallback`."""

    subject = serializers.CharField()
    description = serializers.CharField(max_length=MAX_TEXT)
    source = serializers.ChoiceField(choices=["model", "fallback"])  # type: ignore[assignment]


def ticket_object(row: Mapping[str, Any], conversations: Iterable[UUID]) -> Json:
    """Return a ticket as staff and keys see it, with the ids of its conversations."""
    shown = {key: row[key] for key in AS_IT_IS}
    shown |= {key: times.iso(row[key]) for key in TIMES}
    return shown | {
        "id": str(row["id"]),
        "priority": Priority(row["priority"]).word,
        "assignee": person(row, "assignee"),
        "requester": _requester(row),
        "conversations": [str(identifier) for identifier in conversations],
        "created_by": author(row["created_by"], row["created_by_name"]),
    }


def comment_object(comment: Comment, attachments: Iterable[Attachment]) -> Json:
    """Return a comment as staff and keys see it, without links to its files.

    ``message`` is how the customer got it, ``undelivered`` why not.
    """
    return {
        "id": str(comment.pk),
        "ticket": str(comment.ticket_id),
        "author": author(comment.actor, comment.author_name),
        "kind": comment.kind,
        "text": comment.text,
        "attachments": [attachment_object(file) for file in attachments],
        "client_id": comment.client_id,
        "message": str(comment.message_id) if comment.message_id else None,
        "undelivered": comment.undelivered or None,
        "created_at": times.iso(comment.created_at),
    }


def change_object(change: Change) -> Json:
    """Return one change, with the values before and after."""
    return {
        "field": change.field,
        "from": change.before,
        "to": change.after,
        "by": author(change.actor, change.author_name),
        "reason": change.reason or None,
        "version": change.version,
        "at": times.iso(change.created_at),
    }


def published_change(change: Change) -> Json:
    """Return a change for an event; a description's texts are left out, the ticket has them.

    With the texts before and after, too, the event would exceed a socket's frame.
    """
    published = change_object(change)
    if change.field == "description":
        del published["from"], published["to"]
    return published


def without_requester(data: Json) -> Json:
    """Return a ticket object without what is known of its requester.

    For a key that has raised it and may not read tickets.
    """
    requester = data["requester"]
    hidden = {"name": "", "email": "", "phone": ""}
    return {**data, "requester": {**requester, **hidden} if requester else None}


def without_content(data: Json) -> Json:
    """Return a ticket object without what it is about and whom it concerns.

    For a key that may write tickets and not read them.
    """
    hidden: Json = {
        "subject": "",
        "description": "",
        "assignee": None,
        "tags": [],
        "conversations": [],
        "created_by": {**data["created_by"], "name": ""},
    }
    return {**without_requester(data), **hidden}


def row_of(ticket: Ticket) -> Json:
    """Return a loaded ticket as the mapping that ``ticket_object`` reads."""
    return columns_of(ticket, TICKET_FIELDS)


def author(reference: str, name: str) -> Json:
    """Return the author object of an actor's reference, such as ``user:5``."""
    kind, identifier = parts_of(reference)
    return {"kind": AUTHOR_KINDS.get(kind, "system"), "id": identifier or None, "name": name}


def shown(value: Any) -> Any:
    """Return a field's value as the ticket object shows it, for the history."""
    match value:
        case Priority():
            return value.word
        case User():
            return {"id": value.pk, "name": name_of(value)}
        case Contact():
            return {"id": str(value.pk), "name": value.label}
        case str() | list() | None:
            return value
        case _:
            return times.iso(value)


def _requester(row: Mapping[str, Any]) -> Json | None:
    if row["requester_id"] is None:
        return None
    return {
        "id": str(row["requester_id"]),
        "name": row["requester__name"],
        "email": row["requester__email"],
        "phone": row["requester__phone"],
    }
