"""The one shape of messages and conversations, for REST, sockets and webhooks alike (CONTRACT 5).

Rows are mappings with the keys of ``CONVERSATION_FIELDS``, read with ``.values()``; times leave
as ISO 8601 in UTC with milliseconds.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from channels_layer import times
from conversations import markdown
from conversations.files import links
from conversations.models import (
    Assistant,
    Attachment,
    Contact,
    Conversation,
    Message,
    Source,
    Variable,
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


def message_object(message: Message) -> Json:
    """Return a message as staff and keys see it now, with links to its files."""
    return with_links(stored_message(message, message.attachments.all()))


def stored_message(message: Message, attachments: Iterable[Attachment]) -> Json:
    """Return a message as the event log keeps it: without links, which expire."""
    return {
        "id": str(message.id),
        "conversation": str(message.conversation_id),
        "position": message.position,
        "author": {
            "kind": message.author_kind,
            "id": message.author_id or None,
            "name": message.author_name,
            "avatar": message.author_avatar or None,
        },
        "kind": message.kind,
        "text": message.text,
        "cards": message.cards,
        "attachments": [attachment_object(one) for one in _in_order(attachments)],
        "reactions": message.reactions,
        "reply_to": _text(message.reply_to_id),
        "client_id": message.client_id,
        "run": _text(message.run_id),
        "status": message.status,
        "error": message.error or None,
        "change": message.change or None,
        "detail": message.detail or None,
        "is_public": message.is_public,
        "created_at": iso(message.created_at),
        "edited_at": iso(message.edited_at),
    }


def attachment_object(attachment: Attachment) -> Json:
    """Return a file of a message, without links to it."""
    return {
        "id": str(attachment.pk),
        "name": attachment.name,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "kind": attachment.kind,
        "width": attachment.width,
        "height": attachment.height,
        "has_thumbnail": bool(attachment.thumbnail),
        "status": attachment.status,
        "error": attachment.error or None,
        "reading": _reading(attachment),
        "transcript": attachment.transcript or None,
        "description": attachment.description or None,
    }


def linked(attachment: Mapping[str, Any]) -> Json:
    """Return an attachment object with links that are good for ``MEDIA_URL_TTL`` seconds.

    A file that has not arrived yet has none.
    """
    shown = dict(attachment)
    is_here = shown.get("status", Attachment.Status.READY) == Attachment.Status.READY
    has_thumbnail = shown.pop("has_thumbnail", False) and is_here
    shown["url"] = links.url_for(shown["id"]) if is_here else None
    shown["thumbnail_url"] = links.url_for(shown["id"], links.THUMBNAIL) if has_thumbnail else None
    return shown


def with_links(data: Json) -> Json:
    """Return a message object with links to its files; applied to every message that is sent."""
    return {**data, "attachments": [linked(one) for one in data["attachments"]]}


def visitor_message(data: Mapping[str, Any]) -> Json | None:
    """Return a message object as the customer may see it, or None for what is internal.

    Agents appear by name alone; a failed run's technical reason stays inside. ``html`` is the
    text rendered, so that its reader needs no Markdown.
    """
    if not data["is_public"]:
        return None
    author = data["author"]
    own = author["kind"] == "customer"
    shown = dict(data)
    shown["author"] = {**author, "id": author["id"] if own else None}
    shown["client_id"] = data["client_id"] if own else None
    shown["html"] = markdown.render(data["text"])
    inside = {"description": None, "reading": None}
    shown["attachments"] = [{**one, **inside} for one in data["attachments"]]
    del shown["is_public"], shown["detail"]
    return shown


def conversation_object(row: Mapping[str, Any], *, read_count: int | None = None) -> Json:
    """Return a conversation as staff and keys see it.

    ``read_count`` is how many customer messages the reader has read; without it there is no
    ``unread_count``, which differs from person to person.
    """
    shown: Json = {
        "id": str(row["id"]),
        "title": row["title"],
        "source": {
            "id": str(row["source_id"]),
            "kind": row["source__kind"],
            "name": row["source__name"],
        },
        "contact": _contact(row),
        "assistant": {
            "id": str(row["assistant_id"]),
            "name": row["assistant__name"],
            "avatar": row["assistant__avatar"] or None,
        },
        "author": _person(row, "author"),
        **_floor(row),
        "turn_count": row["turn_count"],
        "message_count": row["message_count"],
        "customer_count": row["customer_count"],
        "last_message": _last_message(row),
        "window_expires_at": iso(row["window_expires_at"]),
        "tags": row["tags"],
        "created_at": iso(row["created_at"]),
        "ended_at": iso(row["ended_at"]),
        "seq": row["seq"],
    }
    if read_count is not None:
        shown["unread_count"] = max(0, row["customer_count"] - read_count)
    return shown


def visitor_conversation(data: Mapping[str, Any]) -> Json:
    """Return a conversation object as its customer may see it."""
    owner = data["owner"]
    return {
        "id": data["id"],
        "title": data["title"],
        "assistant": {**data["assistant"], "id": None},
        "lifecycle": data["lifecycle"],
        "control": data["control"],
        "owner": {"name": owner["name"]} if owner else None,
        "created_at": data["created_at"],
        "ended_at": data["ended_at"],
        "seq": data["seq"],
    }


def variable_object(variable: Variable) -> Json:
    """Return a variable with where it came from."""
    return {
        "name": variable.name,
        "value": variable.value,
        "source": variable.origin,
        "by": variable.origin_name,
        "updated_at": iso(variable.updated_at),
    }


def contact_object(contact: Contact) -> Json:
    """Return a contact with the identifiers under which each source knows it."""
    return {
        "id": str(contact.pk),
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "attributes": contact.attributes,
        "blocked": contact.is_blocked,
        "identities": [
            {
                "source": {
                    "id": str(identity.source_id),
                    "kind": identity.source.kind,
                    "name": identity.source.name,
                },
                "external_id": identity.external_id,
                "verified": identity.is_verified,
            }
            for identity in contact.identities.all()
        ],
        "created_at": iso(contact.created_at),
    }


def assistant_object(assistant: Assistant) -> Json:
    """Return an assistant as it is configured."""
    return {
        "id": str(assistant.pk),
        "name": assistant.name,
        "tagline": assistant.tagline,
        "avatar": assistant.avatar or None,
        "instructions": assistant.instructions,
        "greeting": assistant.greeting,
        "model": assistant.model,
        "temperature": assistant.temperature,
        "tools": assistant.tools,
        "handoff_triggers": assistant.handoff_triggers,
        "is_active": assistant.is_active,
        "created_at": iso(assistant.created_at),
    }


def source_object(source: Source) -> Json:
    """Return a source with the assistant that answers there."""
    return {
        "id": str(source.pk),
        "kind": source.kind,
        "name": source.name,
        "assistant": {"id": str(source.assistant_id), "name": source.assistant.name},
        "gather_seconds": source.gather_seconds,
        "is_active": source.is_active,
        "created_at": iso(source.created_at),
    }


def row_of(conversation: Conversation) -> Json:
    """Return a loaded conversation as the mapping that ``conversation_object`` reads."""
    row: Json = {}
    for field in CONVERSATION_FIELDS:
        value: Any = conversation
        for part in field.split("__"):
            value = getattr(value, part, None)
        row[field] = value
    return row


def _in_order(attachments: Iterable[Attachment]) -> list[Attachment]:
    return sorted(attachments, key=lambda one: (one.order, one.pk))


def _reading(attachment: Attachment) -> Json | None:
    """Return the state of a file's reading; None where it has none."""
    reading = getattr(attachment, "reading", None)
    if reading is None:
        return None
    return {
        "state": reading.state,
        "error": reading.error or None,
        "extent": attachment.extent or None,
    }


def _floor(row: Mapping[str, Any]) -> Json:
    return {
        "lifecycle": row["lifecycle"],
        "control": row["control"],
        "switch": row["switch"],
        "epoch": row["epoch"],
        "owner": _person(row, "owner"),
        "requested_at": iso(row["requested_at"]),
        "request_reason": row["request_reason"] or None,
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


def _person(row: Mapping[str, Any], prefix: str) -> Json | None:
    if row[f"{prefix}_id"] is None:
        return None
    full = f"{row[f'{prefix}__first_name']} {row[f'{prefix}__last_name']}".strip()
    return {"id": row[f"{prefix}_id"], "name": full or row[f"{prefix}__username"]}


def _last_message(row: Mapping[str, Any]) -> Json | None:
    if not row["last_author_kind"]:
        return None
    return {
        "text": row["last_message_text"],
        "author_kind": row["last_author_kind"],
        "author_name": row["last_author_name"],
        "at": iso(row["last_message_at"]),
    }


def iso(at: datetime | None) -> str | None:
    """Return a time as the interfaces write it, None for none."""
    return None if at is None else times.iso(at)


def _text(identifier: UUID | None) -> str | None:
    return str(identifier) if identifier else None
