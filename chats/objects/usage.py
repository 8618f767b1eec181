"""What model calls took: tokens and cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from rest_framework import serializers

from chats import prices
from chats.models import Usage
from conversations.models import Conversation

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Tokens and cost of several model calls; calls whose price is not known are not in it.

    The cost is None where none is known.
    """

    calls: int = 0
    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0
    cost: Decimal | None = None
    unpriced: int = 0
    is_estimated: bool = False

    @property
    def credits(self) -> Decimal | None:
        """The cost in credits; None where it is not known."""
        return prices.credits_of(self.cost)


class UsageObject(serializers.Serializer[Any]):
    """Tokens and cost; calls of models without a known price are in no cost."""

    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cached_tokens = serializers.IntegerField(help_text="Part of the input.")
    reasoning_tokens = serializers.IntegerField(help_text="Part of the output.")
    cost = serializers.CharField(
        allow_null=True, help_text="In the currency, as a decimal; null where none is known."
    )
    currency = serializers.CharField(help_text="Three letters.")
    credits = serializers.CharField(
        allow_null=True, help_text="One is 0.01 of the currency, unless set otherwise."
    )
    is_estimated = serializers.BooleanField()
    calls = serializers.IntegerField(help_text="Of models.")
    unpriced_calls = serializers.IntegerField(help_text="Of these, without a known price.")


class PurposeUsage(UsageObject):
    """What was spent on one purpose."""

    purpose = serializers.ChoiceField(choices=Usage.Purpose.choices)


class ConversationUsage(UsageObject):
    """What a conversation took, in all and by purpose, and how long it lasted."""

    duration_seconds = serializers.FloatField(help_text="From the beginning to the last message.")
    purposes = PurposeUsage(many=True)


class UsageRow(UsageObject):
    """What was spent on a day, for an assistant, on a purpose or by a model."""

    key = serializers.CharField(
        allow_null=True, help_text="The day, the assistant's id, the purpose or the model."
    )
    name = serializers.CharField(help_text="The same for people.")


class UsageReportObject(serializers.Serializer[Any]):
    """What model calls took in some days, in rows and in all."""

    by = serializers.CharField(help_text="What the rows stand for.")
    rows = UsageRow(many=True)
    total = UsageObject()

    def get_fields(self) -> dict[str, Any]:
        """Add the first and the last day, whose names are words of Python."""
        days = {"from": serializers.DateField(), "to": serializers.DateField()}
        return {**days, **super().get_fields()}


def usage_report(
    since: date, until: date, by: str, rows: Iterable[tuple[Any, str, Spent]], total: Spent
) -> Json:
    """Return what model calls took in some days; ``rows`` have key, name and figures."""
    return {
        "from": since.isoformat(),
        "to": until.isoformat(),
        "by": by,
        "rows": [{"key": key, "name": name, **usage_object(one)} for key, name, one in rows],
        "total": usage_object(total),
    }


def usage_object(spent: Spent) -> Json:
    """Return tokens and cost; calls without a known price are in no cost."""
    return {
        "input_tokens": spent.input,
        "output_tokens": spent.output,
        "cached_tokens": spent.cached,
        "reasoning_tokens": spent.reasoning,
        "cost": _money(spent.cost),
        "currency": settings.CURRENCY,
        "credits": _money(prices.credits_of(spent.cost)),
        "is_estimated": spent.is_estimated,
        "calls": spent.calls,
        "unpriced_calls": spent.unpriced,
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
