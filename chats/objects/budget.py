"""A budget: a limit of what models may cost."""

from typing import Any

from rest_framework import serializers

from channels_layer import times
from chats.models import Budget

Json = dict[str, Any]


class BudgetObject(serializers.Serializer[Any]):
    """A limit of what models may cost."""

    id = serializers.UUIDField()
    scope = serializers.ChoiceField(choices=Budget.Scope.choices)
    assistant = serializers.UUIDField(allow_null=True, help_text="Null for each of them.")
    limit = serializers.CharField(help_text="Credits, as a decimal.")
    warn_at = serializers.IntegerField(help_text="Per cent.")
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


def budget_object(budget: Budget) -> Json:
    """Return a budget."""
    return {
        "id": str(budget.pk),
        "scope": budget.scope,
        "assistant": str(budget.assistant_id) if budget.assistant_id else None,
        "limit": f"{budget.limit:.2f}",
        "warn_at": budget.warn_at,
        "is_active": budget.is_active,
        "created_at": times.iso(budget.created_at),
        "updated_at": times.iso(budget.updated_at),
    }
