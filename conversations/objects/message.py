"""One entry of a conversation, as staff and keys see it, and as its customer does."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from channels_layer import times
from conversations.models import Attachment, AuthorKind, Message
from conversations.objects import examples
from conversations.objects.attachment import AttachmentObject, attachment_object, linked
from conversations.objects.rendering import html_in

Json = dict[str, Any]


class MessageAuthor(serializers.Serializer[Any]):
    """Who wrote it."""

    kind = serializers.ChoiceField(choices=AuthorKind.choices)
    id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)


class ReactionObject(serializers.Serializer[Any]):
    """What somebody put to a message."""

    emoji = serializers.CharField()
    author_kind = serializers.ChoiceField(choices=AuthorKind.choices)
    author_id = serializers.CharField()
    author_name = serializers.CharField()


@extend_schema_serializer(
    examples=[OpenApiExample("Message", value=examples.MESSAGE, response_only=True)]
)
class MessageObject(serializers.Serializer[Any]):
    """One entry of a conversation; `position` is the order in which entries were written.

    An answer is read right behind the entry at position `behind`, the newest one when it began.
    """

    id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    position = serializers.IntegerField()
    behind = serializers.IntegerField(allow_null=True, help_text="Null for all but answers.")
    author = MessageAuthor()
    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    text = serializers.CharField()
    cards = serializers.ListField(child=serializers.DictField())
    attachments = AttachmentObject(many=True)
    reactions = ReactionObject(many=True)
    reply_to = serializers.UUIDField(allow_null=True)
    client_id = serializers.CharField(allow_null=True)
    run = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(choices=Message.Status.choices)
    error = serializers.CharField(allow_null=True, help_text="Why it failed, or was cut short.")
    change = serializers.CharField(allow_null=True, help_text="For a system line: what happened.")
    detail = serializers.CharField(allow_null=True, help_text="Why, for staff alone.")
    is_public = serializers.BooleanField(help_text="Whether the customer sees it.")
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)


@extend_schema_serializer(
    examples=[OpenApiExample("Message", value=examples.VISITOR_MESSAGE, response_only=True)]
)
class VisitorMessage(MessageObject):
    """A message, as the customer sees it; `html` is its text rendered."""

    html = serializers.CharField()
    detail = None  # type: ignore[assignment]
    is_public = None  # type: ignore[assignment]


def message_object(message: Message) -> Json:
    """Return a message as staff and keys see it now, with links to its files."""
    files = message.attachments.all() if message.files is None else message.files
    return with_links(stored_message(message, files))


def stored_message(message: Message, attachments: Iterable[Attachment]) -> Json:
    """Return a message as the event log keeps it: without links, which expire."""
    return {
        "id": str(message.id),
        "conversation": str(message.conversation_id),
        "position": message.position,
        "behind": message.behind,
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
        "reply_to": _text(message.quoted.pk if message.quoted else None),
        "client_id": message.client_id,
        "run": _text(message.run_id),
        "status": message.status,
        "error": message.error or None,
        "change": message.change or None,
        "detail": message.detail or None,
        "is_public": message.is_public,
        "created_at": times.iso(message.created_at),
        "edited_at": times.iso(message.edited_at),
    }


def without_customer(data: Json) -> Json:
    """Return a message object without the name of a customer, for a key that may not read it."""
    if data["author"]["kind"] != AuthorKind.CUSTOMER:
        return data
    return {**data, "author": {**data["author"], "name": ""}}


def without_content(data: Json) -> Json:
    """Return a message object without what was said, for a key that may not read it."""
    hidden: Json = {"text": "", "cards": [], "attachments": [], "reactions": [], "detail": None}
    return {**without_customer(data), **hidden}


def with_links(data: Json) -> Json:
    """Return a message object with links to its files; applied to every message that is sent."""
    shown = data
    if data["attachments"]:
        shown = {**shown, "attachments": [linked(one) for one in data["attachments"]]}
    if any("file" in card for card in data.get("cards", ())):
        shown = {**shown, "cards": [_with_picture(card) for card in data["cards"]]}
    return shown


def _with_picture(card: Json) -> Json:
    return {**card, "file": linked(card["file"])} if "file" in card else card


def visitor_message(data: Mapping[str, Any], *, html: str | None = None) -> Json | None:
    """Return a message object as the customer may see it, or None for what is internal.

    Agents appear by name alone; a failed run's technical reason stays inside. Its ``html`` is the
    text rendered, so that its reader needs no Markdown; who has the message gives it along.
    """
    if not data["is_public"]:
        return None
    author = data["author"]
    own = author["kind"] == "customer"
    shown = dict(data)
    shown["author"] = {**author, "id": author["id"] if own else None}
    shown["client_id"] = data["client_id"] if own else None
    shown["html"] = html_in(data) if html is None else html
    inside = {"description": None, "reading": None, "can_retry": False}
    shown["attachments"] = [{**one, **inside} for one in data["attachments"]]
    del shown["is_public"], shown["detail"]
    return shown


def is_public(identifier: str) -> bool:
    """Return whether the customer sees the message with this id."""
    return Message.objects.filter(pk=identifier, is_public=True).exists()


def _in_order(attachments: Iterable[Attachment]) -> list[Attachment]:
    return sorted(attachments, key=lambda one: (one.order, one.pk))


def _text(identifier: UUID | None) -> str | None:
    return str(identifier) if identifier else None
