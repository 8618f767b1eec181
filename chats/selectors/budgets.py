"""Reading budgets, and how far each is used today."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from channels_layer.access.actors import Actor
from channels_layer.errors import NotFoundError
from chats import days, prices
from chats.models import Budget, Usage
from conversations.models import Conversation

HUNDRED = 100
_SUBJECTS = {
    Budget.Scope.RUN: "run",
    Budget.Scope.CONVERSATION: "conversation",
    Budget.Scope.VISITOR: "conversation__contact",
    Budget.Scope.ASSISTANT: "assistant",
}


@dataclass(frozen=True)
class Gauge:
    """How far a budget is used, in credits: by the one who used the most of it."""

    limit: Decimal
    used: Decimal
    warn_at: int

    @property
    def share(self) -> int:
        """The share that is used, in per cent, at most all of it."""
        return min(HUNDRED, int(self.used * HUNDRED / self.limit))

    @property
    def state(self) -> str:
        """``over``, ``near`` or nothing."""
        if self.used >= self.limit:
            return "over"
        return "near" if self.used * HUNDRED >= self.limit * self.warn_at else ""


def budgets(actor: Actor) -> QuerySet[Budget]:
    """Return all budgets; every agent may know them."""
    del actor
    rows = Budget.objects.select_related("assistant")
    return rows.order_by("scope", F("assistant__name").asc(nulls_first=True), "id")


def budget_for(actor: Actor, identifier: UUID) -> Budget:
    """Return a budget; ``NotFoundError`` where there is none."""
    budget = budgets(actor).filter(pk=identifier).first()
    if budget is None:
        raise NotFoundError
    return budget


def gauge_of(budget: Budget, *, at: datetime) -> Gauge:
    """Return how far a budget is used by the run, conversation, visitor … that used the most."""
    rows = Usage.objects.filter(cost__isnull=False)
    if budget.assistant_id:
        rows = rows.filter(assistant=budget.assistant_id)
    today = Q(created_at__gte=days.began(days.day_of(at)))
    if budget.scope == Budget.Scope.CONVERSATION:
        rows = rows.filter(conversation__in=rows.filter(today).values("conversation"))
    else:
        rows = rows.filter(today)
    return _gauge(budget, _most(rows, _SUBJECTS.get(Budget.Scope(budget.scope))))


def gauge_of_conversation(conversation: Conversation) -> Gauge | None:
    """Return how far the conversation's own budget is used; None where none holds."""
    held = Budget.objects.filter(scope=Budget.Scope.CONVERSATION, is_active=True)
    own = Q(assistant=None) | Q(assistant=conversation.assistant_id)
    budget = held.filter(own).order_by("limit", "id").first()
    if budget is None:
        return None
    rows = Usage.objects.filter(conversation=conversation)
    if budget.assistant_id:
        rows = rows.filter(assistant=budget.assistant_id)
    return _gauge(budget, rows.aggregate(total=Sum("cost"))["total"])


def _most(rows: QuerySet[Usage], subject: str | None) -> Decimal | None:
    if subject is None:
        total: Decimal | None = rows.aggregate(total=Sum("cost"))["total"]
        return total
    known = rows.filter(**{f"{subject}__isnull": False}).order_by().values(subject)
    sums = known.annotate(total=Sum("cost")).order_by("-total")
    most: Decimal | None = sums.values_list("total", flat=True).first()
    return most


def _gauge(budget: Budget, cost: Decimal | None) -> Gauge:
    used = prices.credits_of(cost) or Decimal(0)
    return Gauge(budget.limit, used, budget.warn_at)
