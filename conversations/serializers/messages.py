"""Messages, and the bodies of requests that write one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from channels_layer.rest import Body, TextField, strict
from conversations.models import Message
from conversations.serializers.attachments import AttachmentsField
from conversations.services.choices import Choice
from conversations.services.messages import Draft

REPLY: dict[str, Any] = {
    "text": "I am sorry about that, Maya. I have told the carrier.",
    "client_id": "tab-1-42",
    "kind": "message",
}

TEMPLATE: dict[str, Any] = {
    "template": {
        "name": "order_update",
        "language": "en_US",
        "parameters": {"1": "Maya", "2": "ORD-12345", "3": "Tuesday"},
    },
    "client_id": "tab-1-43",
}


class ChosenOption(serializers.Serializer[Any]):
    """An option of a card that its reader chose."""

    message = strict.UUIDField(help_text="The message with the card.")
    card = strict.IntegerField(min_value=0, max_value=100, help_text="Its place in `cards`.")
    option = strict.IntegerField(min_value=0, max_value=100, help_text="Its place, from 0.")


def choice_of(data: Mapping[str, Any]) -> Choice | None:
    """Return the choice among the validated values of a message; None for one that was typed."""
    return Choice(**data["choice"]) if data.get("choice") else None


class CustomerWords(Body):
    """What the customer said elsewhere."""

    text = TextField(required=False, default="", allow_blank=True, help_text="Empty with files.")
    client_id = strict.CharField(
        max_length=100, required=False, allow_null=True, help_text="The same id writes once."
    )
    reply_to = strict.UUIDField(required=False, allow_null=True)
    attachments = AttachmentsField()
    choice = ChosenOption(
        required=False,
        allow_null=True,
        help_text="What the customer chose from a card: its value is the text.",
    )

    def draft(self) -> Draft:
        """Return the validated values as the service takes them."""
        data = self.validated_data
        return Draft(
            text=data["text"],
            client_id=data.get("client_id"),
            kind=Message.Kind(data.get("kind", Message.Kind.MESSAGE)),
            reply_to=data.get("reply_to"),
            attachments=tuple(data["attachments"]),
            template=data.get("template"),
            choice=choice_of(data),
        )


class TemplateChoice(serializers.Serializer[Any]):
    """Which template to send, and with what filled in."""

    name = strict.CharField(max_length=512)
    language = strict.CharField(max_length=16)
    parameters = serializers.DictField(
        child=TextField(max_length=1024), required=False, default=dict
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample("Reply", value=REPLY, request_only=True),
        OpenApiExample("Template", value=TEMPLATE, request_only=True),
    ]
)
class StaffWords(CustomerWords):
    """What staff or another system says, or notes for colleagues alone."""

    kind = serializers.ChoiceField(
        choices=[Message.Kind.MESSAGE.value, Message.Kind.NOTE.value], required=False
    )
    template = TemplateChoice(
        required=False,
        allow_null=True,
        help_text="Instead of a text, where there are templates; the only thing that may be said "
        "after the reply window.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a template beside a text or as a note."""
        if attrs.get("template") is None:
            return attrs
        if attrs["text"]:
            raise serializers.ValidationError({"text": _("A template brings its own text.")})
        if attrs.get("kind") == Message.Kind.NOTE:
            raise serializers.ValidationError({"template": _("A note is a text.")})
        return attrs
