"""What model calls took: tokens and cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from chats import prices
from chats.models import Usage
from conversations.models import Conversation

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Tokens and cost of several model calls; the cost is None if that of any is not known."""

    calls: int = 0
    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0
    cost: Decimal | None = None
    is_estimated: bool = False


class UsageObject(serializers.Serializer[Any]):
    """Tokens and cost; a cost that is not known is null."""

    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cached_tokens = serializers.IntegerField(help_text="Part of the input.")
    reasoning_tokens = serializers.IntegerField(help_text="Part of the output.")
    cost = serializers.CharField(allow_null=True, help_text="US dollars, as a decimal.")
    credits = serializers.CharField(allow_null=True, help_text="One is 0.01 of the currency.")
    is_estimated = serializers.BooleanField()
    calls = serializers.IntegerField(help_text="Of models.")


class PurposeUsage(UsageObject):
    """What was spent on one purpose."""

    purpose = serializers.ChoiceField(choices=Usage.Purpose.choices)


class ConversationUsage(UsageObject):
    """What a conversation took, in all and by purpose, and how long it lasted."""

    duration_seconds = serializers.FloatField(help_text="From the beginning to the last message.")
    purposes = PurposeUsage(many=True)


def usage_object(spent: Spent) -> Json:
    """Return tokens and cost; a cost that is not known is null."""
    return {
        "input_tokens": spent.input,
        "output_tokens": spent.output,
        "cached_tokens": spent.cached,
        "reasoning_tokens": spent.reasoning,
        "cost": _money(spent.cost),
        "credits": _money(prices.credits_of(spent.cost)),
        "is_estimated": spent.is_estimated,
        "calls": spent.calls,
    }


def conversation_usage(
    conversation: Conversation, total: Spent, purposes: Iterable[Mapping[str, Any]]
) -> Json:
    """Return what a conversation took, in all and by purpose, and how long it lasted."""
    lasted = conversation.last_message_at - conversation.created_at
    return {
        **usage_object(total),
        "duration_seconds": max(0.0, lasted.total_seconds()),
        "purposes": [{"purpose": row["purpose"], **usage_object(row["spent"])} for row in purposes],
    }


def _money(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
