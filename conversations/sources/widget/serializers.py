"""Serializers of the frame's requests."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from channels_layer.rest import TextField, strict
from conversations.serializers.attachments import AttachmentsField
from conversations.serializers.messages import ChosenOption, choice_of
from conversations.services.messages import Draft
from conversations.sources.widget.identity import Claim

_NAME = strict.CharField()


class VariablesField(serializers.DictField):
    """Named values of a form or of the site: texts, numbers, yes or no."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Validate plain values; skip null."""
        values: dict[str, Any] = super().to_internal_value(data)
        for name in values:
            _NAME.run_validation(name)
        given = {name: value for name, value in values.items() if value is not None}
        for name, value in given.items():
            if not isinstance(value, str | int | float):
                raise serializers.ValidationError({name: [_("A text, a number, true or false.")]})
        return given


class ClaimSerializer(serializers.Serializer[Claim]):
    """The visitor's identity, as the site states it."""

    external_id = TextField(required=False, default="", allow_blank=True, max_length=200)
    name = TextField(required=False, default="", allow_blank=True, max_length=200)
    email = strict.EmailField(required=False, default="", allow_blank=True, max_length=254)
    signature = TextField(required=False, default="", allow_blank=True, max_length=128)


class SessionRequestSerializer(serializers.Serializer[Any]):
    """The body of ``session``."""

    token = TextField(required=False, default="", allow_blank=True, max_length=200)
    identity = ClaimSerializer(required=False, allow_null=True)

    def claim(self) -> Claim:
        """Return the identity that was sent, or an empty one."""
        return Claim(**(self.validated_data.get("identity") or {}))


class PageSerializer(serializers.Serializer[Any]):
    """The page on which the visitor writes."""

    url = strict.CharField(required=False, max_length=2000, allow_blank=True)
    title = strict.CharField(required=False, max_length=300, allow_blank=True)


class BeginningSerializer(serializers.Serializer[Any]):
    """The body of ``conversations``."""

    variables = VariablesField(required=False, default=dict)
    page = PageSerializer(required=False, default=dict)
    client_id = TextField(required=False, default=None, allow_null=True, max_length=100)


class SaySerializer(serializers.Serializer[Any]):
    """The body of ``messages``."""

    text = TextField(required=False, default="", allow_blank=True)
    client_id = TextField(required=False, default=None, allow_null=True, max_length=100)
    attachments = AttachmentsField()
    variables = VariablesField(required=False, default=dict)
    choice = ChosenOption(required=False, allow_null=True)

    def draft(self) -> Draft:
        """Return the message that the visitor wants to write."""
        data = self.validated_data
        return Draft(
            text=data["text"],
            client_id=data["client_id"],
            attachments=tuple(data["attachments"]),
            choice=choice_of(data),
        )
