"""Serializers of budgets."""

from typing import Any

from rest_framework import serializers

from channels_layer.rest import strict
from chats.models import Budget
from chats.models.budget import ALL, LEAST
from conversations.models import Assistant


class CreditsField(serializers.DecimalField):
    """Credits: a number, or a decimal as a text."""

    def __init__(self, **options: Any) -> None:
        """Take up to ten digits before the point and two behind it."""
        super().__init__(max_digits=12, decimal_places=2, min_value=LEAST, **options)

    def to_internal_value(self, data: Any) -> Any:
        """Take the value, refuse true and false."""
        if isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class BudgetChange(serializers.Serializer[Any]):
    """What a budget is to be."""

    limit = CreditsField()
    warn_at = strict.IntegerField(min_value=1, max_value=ALL)
    is_active = strict.BooleanField()


class BudgetStart(serializers.Serializer[Any]):
    """A new budget."""

    scope = serializers.ChoiceField(choices=Budget.Scope.choices)
    assistant = serializers.PrimaryKeyRelatedField(
        queryset=Assistant.objects.all(),
        pk_field=strict.UUIDField(),
        required=False,
        allow_null=True,
    )
    limit = CreditsField()
    warn_at = strict.IntegerField(min_value=1, max_value=ALL, required=False)
    is_active = strict.BooleanField(required=False)
