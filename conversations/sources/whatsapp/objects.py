"""Templates and senders as they are sent, to the API's clients and the pages alike."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from channels_layer import times
from conversations.sources.whatsapp import templating
from conversations.sources.whatsapp.models import LimitTier, Sender, Template

Json = dict[str, Any]
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


def template_object(template: Template) -> Json:
    """Return a template with its parameters and its text.

    ``text`` has placeholders by the parameters' names, as in ``{{1}}``; ``preview`` the examples.
    """
    slots = templating.slots_of(template.components)
    examples = {slot.name: slot.example for slot in slots if slot.example}
    return {
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "status": template.status,
        "is_approved": template.is_approved,
        "reason": template.reason or None,
        "quality": template.quality or None,
        "parameters": [
            {"name": slot.name, "place": slot.place, "example": slot.example or None}
            for slot in slots
        ],
        "file": templating.media_of(template.components) or None,
        "text": templating.text_of(template.components),
        "preview": templating.text_of(template.components, examples),
        "buttons": templating.buttons_of(template.components),
    }


def sender_object(sender: Sender, *, tier: LimitTier | None, limit: int | None, used: int) -> Json:
    """Return a sender with Meta's rating and the used part of its limit in 24 hours."""
    return {
        "id": str(sender.pk),
        "source": str(sender.source_id),
        "phone_number_id": sender.phone_number_id,
        "display_number": sender.display_number or None,
        "verified_name": sender.verified_name or None,
        "quality": sender.quality,
        "messaging_limit": sender.messaging_limit or None,
        "tier": tier.name if tier else None,
        "daily_limit": limit,
        "used": used,
        "restriction": sender.restriction or None,
        "checked_at": times.iso(sender.checked_at),
        "check_error": sender.check_error or None,
        "templates_synced_at": times.iso(sender.templates_synced_at),
    }
