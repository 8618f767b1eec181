"""The one shape of tickets and comments, for REST, sockets and webhooks alike.

Rows are mappings with the keys of ``TICKET_FIELDS``, read with ``.values()``.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from conversations.models import Attachment, Contact
from conversations.presenters import attachment_object, iso
from tickets.models import Change, Comment, Ticket
from tickets.models.ticket import Priority

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
TICKET_KEYS = (
    "id",
    "number",
    "subject",
    "description",
    "status",
    "priority",
    "assignee",
    "requester",
    "tags",
    "due_at",
    "conversations",
    "created_by",
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
COMMENT_KEYS = (
    "id",
    "ticket",
    "author",
    "kind",
    "text",
    "attachments",
    "client_id",
    "message",
    "created_at",
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


def ticket_object(row: Mapping[str, Any], conversations: Iterable[UUID]) -> Json:
    """Return a ticket as staff and keys see it, with the ids of its conversations."""
    shown = {key: row[key] for key in AS_IT_IS}
    shown |= {key: iso(row[key]) for key in TIMES}
    return shown | {
        "id": str(row["id"]),
        "priority": Priority(row["priority"]).word,
        "assignee": _assignee(row),
        "requester": _requester(row),
        "conversations": [str(identifier) for identifier in conversations],
        "created_by": author(row["created_by"], row["created_by_name"]),
    }


def comment_object(comment: Comment, attachments: Iterable[Attachment]) -> Json:
    """Return a comment as staff and keys see it, without links to its files.

    ``message`` is how the customer got it.
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
        "created_at": iso(comment.created_at),
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
        "at": iso(change.created_at),
    }


def published_change(change: Change) -> Json:
    """Return a change for an event; a description's texts are left out, the ticket has them.

    With the texts before and after, too, the event would exceed a socket's frame.
    """
    published = change_object(change)
    if change.field == "description":
        del published["from"], published["to"]
    return published


def row_of(ticket: Ticket) -> Json:
    """Return a loaded ticket as the mapping that ``ticket_object`` reads."""
    row: Json = {}
    for field in TICKET_FIELDS:
        value: Any = ticket
        for part in field.split("__"):
            value = getattr(value, part, None)
        row[field] = value
    return row


def author(reference: str, name: str) -> Json:
    """Return the author object of an actor's reference, such as ``user:5``."""
    kind, _, identifier = reference.partition(":")
    return {"kind": AUTHOR_KINDS.get(kind, "system"), "id": identifier or None, "name": name}


def shown(value: Any) -> Any:
    """Return a field's value as the ticket object shows it, for the history."""
    match value:
        case Priority():
            return value.word
        case User():
            return {"id": value.pk, "name": value.get_full_name() or value.get_username()}
        case Contact():
            return {"id": str(value.pk), "name": value.label}
        case str() | list() | None:
            return value
        case _:
            return iso(value)


def _assignee(row: Mapping[str, Any]) -> Json | None:
    if row["assignee_id"] is None:
        return None
    full = f"{row['assignee__first_name']} {row['assignee__last_name']}".strip()
    return {"id": row["assignee_id"], "name": full or row["assignee__username"]}


def _requester(row: Mapping[str, Any]) -> Json | None:
    if row["requester_id"] is None:
        return None
    return {
        "id": str(row["requester_id"]),
        "name": row["requester__name"],
        "email": row["requester__email"],
        "phone": row["requester__phone"],
    }
