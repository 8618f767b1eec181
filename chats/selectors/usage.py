"""Reading the usage of models."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from channels_layer.prepared import Prepared, Slot
from chats import days
from chats.models import Usage
from chats.objects.usage import Spent

_TOTAL: Mapping[str, Any] = {
    "calls": Count("id"),
    "unpriced": Count("id", filter=Q(cost=None)),
    "estimated": Count("id", filter=Q(is_estimated=True)),
    "input": Sum("input_tokens", default=0),
    "output": Sum("output_tokens", default=0),
    "cached": Sum("cached_tokens", default=0),
    "reasoning": Sum("reasoning_tokens", default=0),
    "cost": Sum("cost"),
}
_OF_RUN = Prepared(
    lambda: (
        Usage.objects.filter(run=Slot(Usage, "run"))
        .values("run")
        .annotate(**_TOTAL)
        .values(*_TOTAL)
    )
)


def of_run(run_id: UUID) -> Spent:
    """Return the tokens and cost of one run."""
    total = _OF_RUN.first(run=run_id)
    return _spent(total) if total else Spent()


def of_conversation(conversation_id: UUID) -> Spent:
    """Return the tokens and cost of a conversation, titles and summaries included."""
    return _spent(Usage.objects.filter(conversation_id=conversation_id).aggregate(**_TOTAL))


def by_purpose(conversation_id: UUID) -> list[dict[str, Any]]:
    """Return a conversation's purposes of model calls, each with its tokens and cost."""
    rows = Usage.objects.filter(conversation_id=conversation_id)
    return [{"purpose": key["purpose"], "spent": spent} for key, spent in by_use(rows)]


def between(since: date, until: date) -> QuerySet[Usage]:
    """Return the usage from the day ``since`` to the day ``until``, both included.

    Days are those of the deployment's time zone, as budgets count them.
    """
    first, behind = days.began(since), days.began(until + timedelta(days=1))
    return Usage.objects.filter(created_at__gte=first, created_at__lt=behind)


def total(rows: QuerySet[Usage]) -> Spent:
    """Return what calls took together."""
    return _spent(rows.aggregate(**_TOTAL))


def by_day(rows: QuerySet[Usage], *columns: str) -> list[tuple[dict[str, Any], Spent]]:
    """Return what calls took on each day, and by ``columns``, the oldest first."""
    zone = timezone.get_default_timezone()
    return _grouped(rows.annotate(day=TruncDate("created_at", tzinfo=zone)), "day", *columns)


def by_assistant(rows: QuerySet[Usage]) -> list[tuple[dict[str, Any], Spent]]:
    """Return what was spent for the answers of each assistant, by name."""
    return _grouped(rows.annotate(name=F("assistant__name")), "name", "assistant")


def by_model(rows: QuerySet[Usage]) -> list[tuple[dict[str, Any], Spent]]:
    """Return what the calls of each model took."""
    return _grouped(rows, "model")


def by_use(rows: QuerySet[Usage]) -> list[tuple[dict[str, Any], Spent]]:
    """Return what calls of each purpose took."""
    return _grouped(rows, "purpose")


def dearest(rows: QuerySet[Usage], most: int) -> list[dict[str, Any]]:
    """Return the conversations that cost the most, with their titles."""
    found = rows.filter(cost__isnull=False).values("conversation", "conversation__title")
    costs = found.annotate(cost=Sum("cost"), calls=Count("id"))
    return [dict(row) for row in costs.order_by("-cost", "conversation")[:most]]


def _grouped(rows: QuerySet[Usage], *columns: str) -> list[tuple[dict[str, Any], Spent]]:
    found = rows.order_by(*columns).values(*columns).annotate(**_TOTAL)
    return [({name: row.pop(name) for name in columns}, _spent(row)) for row in found]


def _spent(total: dict[str, Any]) -> Spent:
    is_estimated = total.pop("estimated") > 0
    return Spent(**total, is_estimated=is_estimated)
