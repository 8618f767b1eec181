"""Budget warnings: supervisors are notified once when a budget is nearly used up."""

from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_layer import formats, prepared
from chats import prices
from chats.models import Budget, BudgetWarning
from conversations.models import Conversation
from handoff import outbox, selectors
from handoff.models import Agent, PendingNotification
from handoff.notifications import NotificationKind, PreparedNotification, register_kinds

NEARLY_USED = "budget.nearly_used"
HUNDRED = 100


def register() -> None:
    """Register the kind of notification."""
    register_kinds(
        NotificationKind(
            name=NEARLY_USED, label=gettext_lazy("A budget is nearly used up"), prepare=_prepare
        )
    )


def warn(budget: Budget, subject: str, used: Decimal, *, at: datetime) -> None:
    """Notify, once for each ``subject``, where ``used`` has come near the limit."""
    limit = prices.money_of(budget.limit)
    if not subject or used * HUNDRED < limit * budget.warn_at:
        return
    if prepared.insert_new(BudgetWarning(budget=budget, subject=subject, created_at=at)):
        share = int(used * HUNDRED / limit)
        params = {"budget": str(budget.pk), "about": subject, "share": str(share)}
        outbox.notify(kind=NEARLY_USED, subject=f"budget:{budget.pk}", params=params, at=at)


def _prepare(pending: PendingNotification) -> PreparedNotification | None:
    budget = Budget.objects.filter(pk=pending.params["budget"], is_active=True).first()
    if budget is None:
        return None
    share, limit = int(pending.params["share"]), formats.decimal(budget.limit, 0)
    text = _("%(share)s %% of %(limit)s credits are used.") % {
        "share": formats.number(share),
        "limit": limit,
    }
    return PreparedNotification(
        recipients=[agent.user_id for agent in selectors.agents() if _supervises(agent)],
        title=_("Budget nearly used up: %(scope)s") % {"scope": budget.get_scope_display()},
        text=text,
        url=_page_of(pending.params["about"]),
    )


def _supervises(agent: Agent) -> bool:
    return agent.role in {Agent.Role.SUPERVISOR, Agent.Role.ADMINISTRATOR}


def _page_of(subject: str) -> str:
    """Return the conversation that a warning is about, else the page of usage."""
    kind, _colon, key = subject.partition(":")
    if kind == "conversation" and Conversation.objects.filter(pk=key).exists():
        return reverse("conversations:conversation", args=[key])
    return reverse("chats:usage")
