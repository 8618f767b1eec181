"""Conversations, how they begin, and what is known in them."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from channels_layer.rest import MAX_TEXT, TextField
from conversations.objects.examples import CONVERSATION
from conversations.services.contacts import Details
from conversations.services.intake import Arrival
from handoff.models import Switch

START: dict[str, Any] = {
    "source": CONVERSATION["source"]["id"],
    "contact": {"external_id": "customer-4711", "name": "Maya Lindqvist"},
    "text": "My lamp arrived with a cracked base.",
    "variables": {"order_id": "ORD-12345"},
}

MAX_EPOCH = 2**31 - 1
MAX_NAME = 80
MAX_VARIABLES = 100


class ContactDetails(serializers.Serializer[Any]):
    """Who the customer is; only (source, external id) identifies."""

    external_id = serializers.CharField(max_length=200, required=False, allow_blank=True)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=32, required=False, allow_blank=True)


class VariablesField(serializers.DictField):
    """Named values: names of 1 to 80 characters, texts as values."""

    child = serializers.CharField(max_length=MAX_TEXT, allow_blank=True)
    name = serializers.CharField(max_length=MAX_NAME)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Check names as well as values."""
        values: dict[str, str] = super().to_internal_value(data)
        if len(values) > MAX_VARIABLES:
            reason = _("At most %(most)d at once.") % {"most": MAX_VARIABLES}
            raise serializers.ValidationError(reason)
        return {self.name.run_validation(name): value for name, value in values.items()}


@extend_schema_serializer(examples=[OpenApiExample("Start", value=START, request_only=True)])
class ConversationStart(serializers.Serializer[Any]):
    """How a conversation begins through an `api` source."""

    source = serializers.CharField(max_length=64, help_text="The source's id.")  # type: ignore[assignment]
    contact = ContactDetails(required=False)
    text = TextField(required=False, help_text="The customer's first words (API keys alone).")
    variables = VariablesField(required=False)

    def arrival(self) -> Arrival:
        """Return the validated values as the service takes them."""
        data = self.validated_data
        return Arrival(
            source=data["source"],
            details=Details(**data.get("contact", {})),
            text=data.get("text", ""),
            variables=data.get("variables", {}),
        )


class FloorCondition(serializers.Serializer[Any]):
    """The epoch that the caller saw; 409 `stale_epoch` when the floor has moved on."""

    epoch = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=MAX_EPOCH
    )


class SwitchChange(serializers.Serializer[Any]):
    """Whether the assistant may speak here."""

    switch = serializers.ChoiceField(choices=Switch.choices)


class VariableChange(serializers.Serializer[Any]):
    """One named value to set."""

    name = serializers.CharField(max_length=MAX_NAME)
    value = serializers.CharField(max_length=MAX_TEXT, allow_blank=True)
