"""Limits: setting, changing and removing budgets."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from channels_layer import validation
from channels_layer.errors import DomainError
from chats.models import Budget
from conversations.models import Assistant


class BudgetExistsError(DomainError):
    """There is a budget of this scope for this assistant."""

    code = "budget_exists"
    detail = _("There is such a budget already; change that one.")


@transaction.atomic
def add(
    *,
    scope: str,
    limit: Decimal,
    assistant: Assistant | None = None,
    warn_at: int | None = None,
    is_active: bool = True,
    at: datetime,
) -> Budget:
    """Set a budget; without an ``assistant`` it holds for each.

    :raises BudgetExistsError: there is one already.
    :raises InvalidError: the budget of a day is the whole deployment's.
    """
    if Budget.objects.filter(scope=scope, assistant=assistant).exists():
        raise BudgetExistsError
    budget = Budget(
        scope=scope,
        limit=limit,
        assistant=assistant,
        is_active=is_active,
        created_at=at,
        updated_at=at,
    )
    budget.warn_at = budget.warn_at if warn_at is None else warn_at
    return _saved(budget)


@transaction.atomic
def change(
    *,
    budget: Budget,
    limit: Decimal | None = None,
    warn_at: int | None = None,
    is_active: bool | None = None,
    at: datetime,
) -> Budget:
    """Change a budget; it holds for the next call, and may be warned of anew."""
    budget = Budget.objects.select_for_update(no_key=True).get(pk=budget.pk)
    budget.limit = budget.limit if limit is None else limit
    budget.warn_at = budget.warn_at if warn_at is None else warn_at
    budget.is_active = budget.is_active if is_active is None else is_active
    budget.updated_at = at
    budget.warnings.all().delete()
    return _saved(budget)


def remove(*, budget: Budget) -> None:
    """Remove a budget."""
    budget.delete()


def _saved(budget: Budget) -> Budget:
    validation.check(budget, ["scope", "assistant", "limit", "warn_at"])
    budget.save()
    return budget
