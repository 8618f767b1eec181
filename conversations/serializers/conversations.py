"""Conversations, how they begin, and what is known in them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from channels_layer.rest import TextField, strict
from conversations.objects.examples import CONVERSATION
from conversations.services import variables
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


class ContactDetails(serializers.Serializer[Any]):
    """Who the customer is; only (source, external id) identifies."""

    external_id = strict.CharField(max_length=200, required=False, allow_blank=True)
    name = strict.CharField(max_length=200, required=False, allow_blank=True)
    email = strict.EmailField(max_length=254, required=False, allow_blank=True)
    phone = strict.CharField(max_length=32, required=False, allow_blank=True)


class VariablesField(serializers.DictField):
    """Named values: names of 1 to 80 characters, texts as values."""

    child = TextField(allow_blank=True)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Check names as well as values."""
        values: dict[str, str] = super().to_internal_value(data)
        if faults := variables.faults_of(values):
            raise serializers.ValidationError(faults)
        return values


@extend_schema_serializer(examples=[OpenApiExample("Start", value=START, request_only=True)])
class ConversationStart(serializers.Serializer[Any]):
    """How a conversation begins through an `api` source."""

    source = strict.CharField(max_length=64, help_text="The source's id.")  # type: ignore[assignment]
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

    epoch = strict.IntegerField(required=False, allow_null=True, min_value=0, max_value=MAX_EPOCH)


class SwitchChange(serializers.Serializer[Any]):
    """Whether the assistant may speak here."""

    switch = serializers.ChoiceField(choices=Switch.choices)


class VariableChange(serializers.Serializer[Any]):
    """One named value to set."""

    name = TextField(max_length=variables.LONGEST_NAME)
    value = TextField(allow_blank=True)

    def validate_name(self, name: str) -> str:
        """Refuse a name with signs that no name has."""
        if fault := variables.fault_of(name, ""):
            raise serializers.ValidationError(fault)
        return name
