"""Runs, their tool calls, and what they take."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from channels_layer.rest import strict
from chats.engine.arguments import can_be_kept


class Denial(serializers.Serializer[Any]):
    """Why not."""

    note = strict.CharField(max_length=500, required=False, allow_blank=True)


class Approval(Denial):
    """The arguments to use; the model's own, unless given."""

    arguments = serializers.DictField(required=False)

    def validate_arguments(self, value: dict[str, Any]) -> dict[str, Any]:
        """Refuse what the contract refuses in texts, wherever it stands."""
        if not can_be_kept(value):
            detail = _("Null characters and lone surrogates are not allowed.")
            raise serializers.ValidationError(detail)
        return value


class Outcome(serializers.Serializer[Any]):
    """What became of a call with an unknown outcome."""

    outcome = serializers.ChoiceField(choices=[("done", "done"), ("failed", "failed")])
    note = strict.CharField(max_length=500, required=False, allow_blank=True)
