"""The query of usage totals."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from chats import days

USUAL = timedelta(days=29)
LONGEST = timedelta(days=366)
CHOICES = ("day", "assistant", "purpose", "model")


class UsageQuery(serializers.Serializer[Any]):
    """Which days, and what the rows stand for."""

    by = serializers.ChoiceField(choices=CHOICES, default="day")

    def get_fields(self) -> dict[str, Any]:
        """Add the first and the last day, whose names are words of Python."""
        limits = {name: serializers.DateField(required=False) for name in ("from", "to")}
        return {**limits, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Fill in the days that are not said; refuse a period that is none, or too long."""
        until = attrs.get("to", days.day_of(self.context["at"]))
        since = attrs.get("from", until - USUAL)
        if not timedelta() <= until - since <= LONGEST:
            reason = _("Not after the last day, and at most 366 days before it.")
            raise serializers.ValidationError({"from": [reason]})
        return {**attrs, "from": since, "to": until}
