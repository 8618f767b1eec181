"""Templates and senders as the API describes them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from conversations.sources.whatsapp.models import Sender

TEMPLATE: dict[str, Any] = {
    "name": "order_update",
    "language": "en_US",
    "category": "UTILITY",
    "status": "APPROVED",
    "is_approved": True,
    "reason": None,
    "quality": "GREEN",
    "parameters": [
        {"name": "1", "place": "body", "example": "Maya"},
        {"name": "2", "place": "body", "example": "ORD-12345"},
    ],
    "file": None,
    "text": "Your order\n\nHello {{1}}, your order {{2}} is on its way.",
    "preview": "Your order\n\nHello Maya, your order ORD-12345 is on its way.",
    "buttons": ["Thank you"],
}


class TemplateParameter(serializers.Serializer[Any]):
    """One thing that is filled in."""

    name = serializers.CharField(help_text="Its key in `parameters` when it is sent.")
    place = serializers.ChoiceField(choices=["header", "body", "button"])
    example = serializers.CharField(allow_null=True)


@extend_schema_serializer(examples=[OpenApiExample("Template", value=TEMPLATE, response_only=True)])
class TemplateObject(serializers.Serializer[Any]):
    """A text that Meta has approved, or not."""

    name = serializers.CharField()
    language = serializers.CharField()
    category = serializers.CharField()
    status = serializers.CharField(help_text="Meta's word, such as APPROVED or PAUSED.")
    is_approved = serializers.BooleanField(help_text="Whether it can be sent.")
    reason = serializers.CharField(allow_null=True, help_text="Why Meta refused it.")
    quality = serializers.CharField(allow_null=True)
    parameters = TemplateParameter(many=True)
    file = serializers.CharField(
        allow_null=True, help_text="`image`, `video` or `document`: one attachment is its header."
    )
    text = serializers.CharField(help_text="With placeholders such as `{{1}}`, by name.")
    preview = serializers.CharField(help_text="With the examples filled in.")
    buttons = serializers.ListField(child=serializers.CharField())


class SenderObject(serializers.Serializer[Any]):
    """A WhatsApp number, and what Meta thinks of it."""

    id = serializers.UUIDField()
    source = serializers.UUIDField()  # type: ignore[assignment]
    phone_number_id = serializers.CharField()
    display_number = serializers.CharField(allow_null=True)
    verified_name = serializers.CharField(allow_null=True)
    quality = serializers.ChoiceField(choices=Sender.Quality.choices)
    messaging_limit = serializers.CharField(allow_null=True, help_text="Meta's word.")
    tier = serializers.CharField(allow_null=True, help_text="Our name for it.")
    daily_limit = serializers.IntegerField(
        allow_null=True, help_text="How many people may be written to first in 24 hours."
    )
    used = serializers.IntegerField(help_text="How many were, in the last 24 hours.")
    restriction = serializers.CharField(allow_null=True, help_text="Why nothing is sent now.")
    checked_at = serializers.DateTimeField(allow_null=True)
    check_error = serializers.CharField(allow_null=True)
    templates_synced_at = serializers.DateTimeField(allow_null=True)


class Synced(serializers.Serializer[Any]):
    """How many templates Meta has."""

    templates = serializers.IntegerField()
