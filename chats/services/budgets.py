"""Budgets: what a model call may still cost, and when a budget ends an answer.

Who asks holds the conversation or the run locked, then the budgets in the order of their ids: so
two calls never take the same rest. What is used is what usage rows say, and what open calls may
still cost at most: the reservations on their steps, and those of calls beside answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, Sum
from django.utils.translation import gettext_noop as _

from channels_layer.errors import DomainError
from channels_layer.prepared import Prepared
from chats import days, prices
from chats.engine.parts import ModelRequest, UsageReport
from chats.models import Budget, Reservation, RunStep, Usage
from chats.services import budget_warnings
from chats.services.usage import tokens_of
from conversations.models import Conversation

LEAST_TOKENS = 100
"""An answer for which fewer tokens are left is not begun."""
RESERVED_FOR = timedelta(minutes=10)
"""How long a call beside answers holds its share when nobody hears of it again."""
NOTHING = Decimal(0)

REACHED = {
    Budget.Scope.RUN: _("The budget of this answer is used up"),
    Budget.Scope.CONVERSATION: _("The budget of this conversation is used up"),
    Budget.Scope.VISITOR: _("The budget of this visitor is used up for today"),
    Budget.Scope.ASSISTANT: _("The budget of this assistant is used up for today"),
    Budget.Scope.DAY: _("The budget is used up for today"),
}
"""Why a conversation goes to people, as it is stored."""
CODES = {f"budget_{scope}": words for scope, words in REACHED.items()}
"""The same by the code of the run."""

_ACTIVE = Prepared(lambda: Budget.objects.filter(is_active=True).order_by("id"))


class BudgetReachedError(DomainError):
    """A budget is used up; ``code`` names its scope."""

    code = "budget"

    def __init__(self, budget: Budget) -> None:
        """Name the ``budget``."""
        super().__init__()
        self.code = code_of(budget)


class BudgetHeldError(BudgetReachedError):
    """What is left is held by calls that are being made, which may take less."""


@dataclass(frozen=True, kw_only=True)
class Payer:
    """For whom a call is made; ``step`` is that of its run, whose own reservation is replaced."""

    conversation_id: UUID
    assistant_id: UUID
    run_id: UUID | None = None
    step: int = 0


@dataclass(frozen=True, kw_only=True)
class PlannedCall:
    """A call that is about to be made: how many tokens it reads, and may write at most.

    With fewer than ``least`` it is not made.
    """

    model: str
    prompt: int
    most: int
    least: int = LEAST_TOKENS

    @classmethod
    def of(cls, request: ModelRequest, most: int) -> "PlannedCall":
        """Return ``request`` as a planned call; without its own limit it writes ``most`` tokens."""
        wanted = request.options.get("max_tokens") or most
        return cls(model=request.model, prompt=tokens_of(request), most=wanted)


@dataclass(frozen=True)
class Allowance:
    """How many tokens a call may write, and what it costs at most; None where nothing limits it."""

    most: int | None = None
    cost: Decimal | None = None


@dataclass(frozen=True)
class State:
    """How much of a budget is used, and how much of the rest is held by calls being made."""

    limit: Decimal
    used: Decimal
    held: Decimal = NOTHING

    @property
    def left(self) -> Decimal:
        """What nobody has used or holds."""
        return self.limit - self.used - self.held


def code_of(budget: Budget) -> str:
    """Return the code of a run that ``budget`` has ended."""
    return f"budget_{budget.scope}"


def are_any() -> bool:
    """Return whether there is an active budget."""
    return bool(_ACTIVE.rows())


def held_by(payer: Payer) -> list[Budget]:
    """Return the active budgets that hold for ``payer``."""
    return [row for row in _ACTIVE.rows() if row.assistant_id in {None, payer.assistant_id}]


def used_up(budgets: Sequence[Budget], payer: Payer, *, at: datetime) -> Budget | None:
    """Return the first of ``budgets`` that is used up by what was spent, None if there is none."""
    for budget in budgets:
        spent = _spent(budget, payer, at=at)
        if spent is not None and spent >= prices.money_of(budget.limit):
            return budget
    return None


def allow(payer: Payer, call: PlannedCall, *, at: datetime) -> Allowance:
    """Return what ``call`` may take, in a transaction that then stores what it holds.

    A call whose price is not known cannot be limited.

    :raises BudgetReachedError: a budget is used up.
    :raises BudgetHeldError: what is left of it is held by other calls; it may be free soon.
    """
    budgets = held_by(payer)
    if not budgets:
        return Allowance()
    keys = [budget.pk for budget in budgets]
    locked = Budget.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("id")
    states = [(budget, _state(budget, payer, at=at)) for budget in locked]
    known = [(budget, state) for budget, state in states if state is not None]
    for budget, state in known:
        budget_warnings.warn(budget, _subject(budget, payer, at=at), state.used, at=at)
        if state.left <= 0:
            raise _error(budget, state)
    if not known:
        return Allowance()
    budget, state = min(known, key=lambda one: one[1].left)
    return _trimmed(budget, state, call, at=at)


def reserve(payer: Payer, allowance: Allowance, *, until: datetime) -> UUID:
    """Hold what a call beside answers may cost, until it is recorded, at most ``until`` then."""
    return Reservation.objects.create(
        conversation_id=payer.conversation_id,
        assistant_id=payer.assistant_id,
        cost=allowance.cost or NOTHING,
        expires_at=until,
    ).pk


def _trimmed(budget: Budget, state: State, call: PlannedCall, *, at: datetime) -> Allowance:
    """Return ``call`` as far as what is left of a budget pays for it."""
    reading = prices.cost(call.model, UsageReport(input=call.prompt), at=at)
    whole = prices.cost(call.model, UsageReport(input=call.prompt, output=call.most), at=at)
    if reading is None or whole is None:
        return Allowance()
    if whole <= state.left:
        return Allowance(call.most, whole)
    share = (state.left - reading) / (whole - reading) if whole > reading else NOTHING
    most = int(call.most * share)
    if most < min(call.least, call.most):
        raise _error(budget, state)
    return Allowance(most, min(state.left, whole))


def _error(budget: Budget, state: State) -> BudgetReachedError:
    return BudgetHeldError(budget) if state.held > 0 else BudgetReachedError(budget)


def _state(budget: Budget, payer: Payer, *, at: datetime) -> State | None:
    """Return how a budget stands for ``payer``; None where it has nobody to count for."""
    used = _spent(budget, payer, at=at)
    if used is None:
        return None
    return State(prices.money_of(budget.limit), used, _held(budget, payer, at=at))


def _spent(budget: Budget, payer: Payer, *, at: datetime) -> Decimal | None:
    rows = Usage.objects.all()
    if budget.assistant_id:
        rows = rows.filter(assistant=budget.assistant_id)
    match budget.scope:
        case Budget.Scope.RUN:
            if payer.run_id is None:
                return None
            rows = rows.filter(run=payer.run_id)
        case Budget.Scope.CONVERSATION:
            rows = rows.filter(conversation=payer.conversation_id)
        case Budget.Scope.VISITOR:
            contact = _contact_of(payer)
            if contact is None:
                return None
            rows = rows.filter(conversation__contact=contact, created_at__gte=_today(at))
        case Budget.Scope.ASSISTANT:
            rows = rows.filter(assistant=payer.assistant_id, created_at__gte=_today(at))
        case _:
            rows = rows.filter(created_at__gte=_today(at))
    return rows.aggregate(total=Sum("cost"))["total"] or NOTHING


def _held(budget: Budget, payer: Payer, *, at: datetime) -> Decimal:
    """Return what calls that are being made may still cost, the own one left out."""
    own = Q(run=payer.run_id, number=payer.step)
    steps = RunStep.objects.filter(is_counted=False, reserved__isnull=False).exclude(own)
    beside = Reservation.objects.filter(expires_at__gt=at)
    if budget.assistant_id or budget.scope == Budget.Scope.ASSISTANT:
        steps = steps.filter(run__assistant=payer.assistant_id)
        beside = beside.filter(assistant=payer.assistant_id)
    match budget.scope:
        case Budget.Scope.RUN:
            return NOTHING
        case Budget.Scope.CONVERSATION:
            steps = steps.filter(run__conversation=payer.conversation_id)
            beside = beside.filter(conversation=payer.conversation_id)
        case Budget.Scope.VISITOR:
            contact = _contact_of(payer)
            steps = steps.filter(run__conversation__contact=contact)
            beside = beside.filter(conversation__contact=contact)
    answers = steps.aggregate(total=Sum("reserved"))["total"] or NOTHING
    others = beside.aggregate(total=Sum("cost"))["total"] or NOTHING
    return answers + others


def _today(at: datetime) -> datetime:
    """Return when the day of ``at`` began."""
    return days.began(days.day_of(at))


def _contact_of(payer: Payer) -> UUID | None:
    rows = Conversation.objects.filter(pk=payer.conversation_id)
    return rows.values_list("contact_id", flat=True).first()


def _subject(budget: Budget, payer: Payer, *, at: datetime) -> str:
    """Return the period of a budget that a warning is about; empty for those without warnings."""
    day = days.day_of(at).isoformat()
    match budget.scope:
        case Budget.Scope.CONVERSATION:
            return f"conversation:{payer.conversation_id}"
        case Budget.Scope.VISITOR:
            return f"contact:{_contact_of(payer)} {day}"
        case Budget.Scope.ASSISTANT:
            return f"assistant:{payer.assistant_id} {day}"
        case Budget.Scope.DAY:
            return day
    return ""
