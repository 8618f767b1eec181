"""Utility calls: titles, packets, summaries and readings by a model, with their usage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from channels_layer.work.leases import LetGoError
from chats.engine import limits
from chats.engine.attempts import Attempt
from chats.engine.completion import Completion, FailedCompletionError
from chats.engine.parts import ModelError, ModelRequest
from chats.models import Reservation, Usage
from chats.services import budgets, usage
from chats.services.budgets import BudgetReachedError, Payer, PlannedCall
from conversations.models import Conversation

USUAL_FIRST = 60.0
"""Seconds until the first word, for which the limits of utility calls are made."""

LIMITED = "limited"
"""The code of a call that no budget pays for; whoever asks goes on without a model."""

Complete = Callable[[ModelRequest], Completion]


class StoppedError(LetGoError):
    """The worker ended while the model wrote; ``attempts`` are its requests that may cost."""

    def __init__(self, attempts: Sequence[Attempt] = ()) -> None:
        """Keep what was asked."""
        super().__init__()
        self.attempts = attempts


@dataclass(frozen=True, kw_only=True)
class UtilityRequest:
    """A request to a model beside answers: its conversation and its purpose."""

    conversation_id: UUID
    purpose: Usage.Purpose
    request: ModelRequest
    run_id: UUID | None = None
    reservation: UUID | None = None
    """What a budget holds for it, while it is being made."""

    def model_call(self, attempt: Attempt) -> usage.ModelCall:
        """Return what one of its requests took: as it was reported, else by its words."""
        return usage.ModelCall(
            conversation_id=self.conversation_id,
            run_id=self.run_id,
            purpose=self.purpose,
            model=self.request.model,
            usage=attempt.usage,
            estimate=usage.estimate(usage.tokens_of(self.request), attempt.written),
        )


def seconds(usual: float) -> float:
    """Return how long a utility call may take; models that read slowly get as much more time."""
    return usual * max(1.0, settings.LLM_FIRST_TOKEN_SECONDS / USUAL_FIRST)


def make(utility: UtilityRequest, complete: Complete, *, at: datetime) -> str:
    """Return the model's text; ``complete`` calls the model, outside of any transaction.

    :raises ModelError: on any failure; the usage until then is recorded, too.
    :raises StoppedError: the worker ends; likewise.
    """
    utility = hold(utility, at=at)
    try:
        done = complete(utility.request)
    except (FailedCompletionError, StoppedError) as error:
        record(utility, error.attempts, at=at)
        raise
    record(utility, done.attempts, at=at)
    return done.text


@transaction.atomic
def hold(utility: UtilityRequest, *, at: datetime) -> UtilityRequest:
    """Return a utility call as budgets allow it, with what they hold for it.

    :raises ModelError: ``limited``, where one of them is used up.
    """
    payer = _payer(utility.conversation_id)
    if payer is None:
        return utility
    call = PlannedCall.of(utility.request, settings.LLM_MAX_TOKENS)
    try:
        allowed = budgets.allow(payer, call, at=at)
    except BudgetReachedError as error:
        raise ModelError(LIMITED) from error
    if allowed.cost is None:
        return utility
    until = at + budgets.RESERVED_FOR
    held = budgets.reserve(payer, allowed, until=until)
    request = limits.within(utility.request, allowed.most)
    return replace(utility, request=request, reservation=held)


@transaction.atomic
def record(utility: UtilityRequest, attempts: Sequence[Attempt], *, at: datetime) -> None:
    """Record what a utility call took, in place of what was held for it."""
    for attempt in attempts:
        usage.record(utility.model_call(attempt), at=at)
    if utility.reservation:
        Reservation.objects.filter(pk=utility.reservation).delete()


def check(conversation_id: UUID, *, at: datetime) -> None:
    """Check that no budget is used up, for a call whose cost nobody knows beforehand.

    :raises ModelError: ``limited``.
    """
    payer = _payer(conversation_id)
    if payer and budgets.used_up(budgets.held_by(payer), payer, at=at):
        raise ModelError(LIMITED)


def _payer(conversation_id: UUID) -> Payer | None:
    """Return for whom a call is made; None while there is no budget."""
    if not budgets.are_any():
        return None
    assistant = Conversation.objects.values_list("assistant_id", flat=True).get(pk=conversation_id)
    return Payer(conversation_id=conversation_id, assistant_id=assistant)
