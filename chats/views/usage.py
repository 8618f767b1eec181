"""``/usage/``: what was spent, on what, and where it stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Staff
from channels_layer.pages import StaffView
from chats import days as days_of
from chats import prices
from chats.models import Budget
from chats.selectors import budgets as budget_selectors
from chats.selectors import usage
from chats.selectors.budgets import Gauge
from chats.selectors.usage_rows import by_assistant, by_model, by_purpose
from chats.views import usage_chart
from conversations.models import Assistant

PERIODS: dict[str, tuple[int, Promise]] = {
    "1": (1, _("Today")),
    "7": (7, _("7 days")),
    "30": (30, _("30 days")),
}
USUAL = "30"
DEAREST = 8
NOTES: dict[str, Promise] = {
    Budget.Scope.RUN: _("from question to answer"),
    Budget.Scope.CONVERSATION: _("all answers, from its beginning"),
    Budget.Scope.VISITOR: _("all conversations of a day"),
    Budget.Scope.ASSISTANT: _("each assistant"),
    Budget.Scope.DAY: _("all assistants together"),
}
MOST_TODAY: dict[str, Promise] = {
    Budget.Scope.RUN: _("the most today"),
    Budget.Scope.CONVERSATION: _("the most of today's"),
    Budget.Scope.VISITOR: _("the most today"),
    Budget.Scope.ASSISTANT: _("the most today"),
    Budget.Scope.DAY: _("today"),
}
ICONS = {
    Budget.Scope.RUN: "play",
    Budget.Scope.CONVERSATION: "chat",
    Budget.Scope.VISITOR: "person",
    Budget.Scope.ASSISTANT: "sliders",
    Budget.Scope.DAY: "gauge",
}


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One row of the limits: a budget, or a scope that has none yet."""

    scope: str
    name: str
    note: str
    icon: str
    budget: Budget | None = None
    gauge: Gauge | None = None
    most: str = ""


class UsageView(StaffView):
    """The page; supervisors and administrators read it, administrators set the limits."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the page for some days."""
        if not self.actor.is_supervisor:
            raise PermissionDenied
        at = timezone.now()
        period = request.GET.get("days", USUAL)
        days = PERIODS[period if period in PERIODS else USUAL][0]
        today = days_of.day_of(at)
        context = _spent(today - timedelta(days=days - 1), today)
        context |= {
            "periods": [(key, label, key == str(days)) for key, (_days, label) in PERIODS.items()],
            "limits": _limits(self.actor, at=at),
            "assistants": Assistant.objects.filter(is_active=True).order_by("name", "id"),
            "may_edit": self.actor.is_administrator,
            "currency": settings.CURRENCY,
            "credit_value": settings.CREDIT_VALUE,
            "zone": timezone.get_default_timezone_name(),
        }
        return render(request, "chats/usage.html", context)


def _spent(since: date, until: date) -> dict[str, Any]:
    """Return what was spent, in all and by day, assistant, purpose and model."""
    rows = usage.between(since, until)
    dearest = usage.dearest(rows, DEAREST)
    return {
        "since": since,
        "until": until,
        "total": usage.total(rows),
        "chart": usage_chart.of(usage.by_day(rows, "purpose"), since, until),
        "assistants_spent": list(by_assistant(rows)),
        "purposes": list(by_purpose(rows)),
        "models": list(by_model(rows)),
        "dearest": [{**row, "credits": prices.credits_of(row["cost"])} for row in dearest],
    }


def _limits(actor: Staff, *, at: datetime) -> Sequence[Limit]:
    """Return all scopes with their budgets, each followed by those of single assistants."""
    found = list(budget_selectors.budgets(actor))
    limits: list[Limit] = []
    for scope in Budget.Scope:
        of_scope = [budget for budget in found if budget.scope == scope]
        if all(budget.assistant_id for budget in of_scope):
            limits.append(_limit(scope, None, at=at))
        limits += [_limit(scope, budget, at=at) for budget in of_scope]
    return limits


def _limit(scope: Budget.Scope, budget: Budget | None, *, at: datetime) -> Limit:
    assistant = budget.assistant if budget else None
    return Limit(
        scope=scope.value,
        name=str(scope.label),
        note=assistant.name if assistant else str(NOTES[scope]),
        icon=ICONS[scope],
        budget=budget,
        gauge=budget_selectors.gauge_of(budget, at=at) if budget else None,
        most=str(MOST_TODAY[scope]),
    )
