"""Reading the usage of models."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from channels_layer.prepared import Prepared, Slot
from chats.models import Usage
from chats.objects.usage import Spent

_TOTAL: Mapping[str, Any] = {
    "calls": Count("id"),
    "unknown": Count("id", filter=Q(cost=None)),
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
    purposes = rows.order_by("purpose").values_list("purpose", flat=True).distinct()
    return [
        {"purpose": purpose, "spent": _spent(rows.filter(purpose=purpose).aggregate(**_TOTAL))}
        for purpose in purposes
    ]


def _spent(total: dict[str, Any]) -> Spent:
    is_known = total.pop("unknown") == 0
    is_estimated = total.pop("estimated") > 0
    cost = total.pop("cost")
    return Spent(**total, cost=cost if is_known else None, is_estimated=is_estimated)
