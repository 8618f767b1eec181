"""Tickets and comments, and what one sends to write them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from channels_layer.access.actors import Actor
from channels_layer.errors import InvalidError, NotFoundError
from channels_layer.rest import TextField, strict
from conversations.models import Contact, Conversation
from conversations.selectors import conversations as conversation_selectors
from conversations.serializers.attachments import AttachmentsField
from tickets import selectors
from tickets.models import PRIORITY_WORDS, Comment, Priority, Status
from tickets.objects import EXAMPLE
from tickets.services.comments import Remark
from tickets.services.tickets import Draft, Seen

DRAFT: dict[str, Any] = {
    "conversation": EXAMPLE["conversations"][0],
    "subject": EXAMPLE["subject"],
    "description": EXAMPLE["description"],
    "priority": "high",
    "assignee": 2,
}

REMARK: dict[str, Any] = {
    "text": "Refund the customer now; do not wait for the carrier.",
    "kind": "internal",
    "client_id": "tab-1-43",
}

MAX_SUBJECT = 200
MAX_TAGS = 20
MAX_TAG = 40
MAX_NUMBER = 2**31 - 1
EARLIEST_DUE = datetime(2000, 1, 1, tzinfo=UTC)
LATEST_DUE = datetime(3000, 1, 1, tzinfo=UTC)


class LineField(strict.CharField):
    """One line of text, as it is but for spaces at the ends and breaks within."""

    def to_internal_value(self, data: Any) -> str:
        """Write it in one line."""
        return " ".join(str(super().to_internal_value(data)).split())


class TagField(LineField):
    """A tag, measured as it is kept: some letters are two in lower case."""

    def to_internal_value(self, data: Any) -> str:
        """Write it in lower case."""
        return super().to_internal_value(data).lower()


class TagsField(serializers.ListField):
    """Up to 20 tags of 1 to 40 characters, in lower case, each once."""

    child = TagField(max_length=MAX_TAG)

    def __init__(self, **kwargs: Any) -> None:
        """Set the limit."""
        super().__init__(max_length=MAX_TAGS, **kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        """Drop repetitions."""
        tags: list[str] = super().to_internal_value(data)
        return list(dict.fromkeys(tags))


class PriorityField(serializers.ChoiceField):
    """A priority by its word."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer the words."""
        super().__init__(choices=list(PRIORITY_WORDS), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Turn the word into the priority."""
        return Priority.of(super().to_internal_value(data))


def _in_reach(due_at: datetime) -> None:
    if not EARLIEST_DUE <= due_at < LATEST_DUE:
        reason = _("Choose a day in the years 2000 to 2999.")
        raise serializers.ValidationError(reason)


class TicketFields(serializers.Serializer[Any]):
    """What of a ticket one may set; what is left out stays as it is."""

    subject = LineField(max_length=MAX_SUBJECT, required=False)
    description = TextField(allow_blank=True, required=False)
    status = serializers.ChoiceField(choices=Status.choices, required=False)
    priority = PriorityField(required=False)
    assignee = strict.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MAX_NUMBER, help_text="A person."
    )
    requester = strict.UUIDField(required=False, allow_null=True, help_text="A contact.")
    tags = TagsField(required=False)
    due_at = serializers.DateTimeField(
        required=False, allow_null=True, validators=[_in_reach], help_text="In 2000 to 2999."
    )

    def values(self) -> dict[str, Any]:
        """Return the fields that were sent, with persons and contacts looked up."""
        values = {name: self.validated_data[name] for name in FIELDS if name in self.validated_data}
        if values.get("assignee") is not None:
            values["assignee"] = _assignee(values["assignee"])
        if values.get("requester") is not None:
            values["requester"] = _requester(values["requester"])
        return values


FIELDS = tuple(TicketFields().fields)


@extend_schema_serializer(
    examples=[OpenApiExample("From a conversation", value=DRAFT, request_only=True)]
)
class TicketDraft(TicketFields):
    """A ticket to create; from a conversation it is linked to it, its contact the requester."""

    subject = LineField(max_length=MAX_SUBJECT)
    conversation = strict.CharField(
        max_length=64, required=False, allow_null=True, help_text="A conversation's id."
    )

    def draft(self, actor: Actor) -> Draft:
        """Return what was validated in the form that the service takes."""
        wanted = self.validated_data.get("conversation")
        conversation = conversation_of(actor, wanted) if wanted else None
        return Draft(**self.values(), conversation=conversation)


@extend_schema_serializer(
    examples=[OpenApiExample("Solve", value={"status": "solved", "version": 3}, request_only=True)]
)
class TicketChange(TicketFields):
    """Fields to set; 409 `stale_version` when they changed since the `version` (or `seq`) sent."""

    version = strict.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=MAX_NUMBER
    )
    seq = strict.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**62)

    def seen(self) -> Seen:
        """Return the state on which the change is based."""
        data = self.validated_data
        return Seen(version=data.get("version"), seq=data.get("seq"))


@extend_schema_serializer(examples=[OpenApiExample("Internal", value=REMARK, request_only=True)])
class CommentDraft(serializers.Serializer[Any]):
    """A remark; a public one is sent to the customer through the linked conversation."""

    text = TextField(required=False, default="", allow_blank=True, help_text="Empty with files.")
    kind = serializers.ChoiceField(choices=Comment.Kind.choices, required=False)
    attachments = AttachmentsField()
    client_id = strict.CharField(
        max_length=100, required=False, allow_null=True, help_text="The same id writes once."
    )

    def remark(self) -> Remark:
        """Return what was validated in the form that the service takes."""
        data = self.validated_data
        return Remark(
            text=data["text"],
            kind=Comment.Kind(data.get("kind", Comment.Kind.INTERNAL)),
            client_id=data.get("client_id"),
            attachments=tuple(data["attachments"]),
        )


class ConversationReference(serializers.Serializer[Any]):
    """The conversation that is meant."""

    conversation = strict.CharField(max_length=64, help_text="A conversation's id.")


def conversation_of(actor: Actor, identifier: str) -> Conversation:
    """Return the conversation named in a body; ``InvalidError`` for its field otherwise."""
    try:
        return conversation_selectors.conversation_for(actor, identifier)
    except NotFoundError:
        reason = _("There is no such conversation.")
        raise InvalidError(reason, fields={"conversation": [reason]}) from None


def _assignee(identifier: int) -> Any:
    user = selectors.assignable(identifier)
    if user is None:
        reason = _("Nobody of the staff has this id.")
        raise InvalidError(reason, fields={"assignee": [reason]})
    return user


def _requester(identifier: UUID) -> Contact:
    contact = Contact.objects.filter(pk=identifier).first()
    if contact is None:
        reason = _("There is no such contact.")
        raise InvalidError(reason, fields={"requester": [reason]})
    return contact
