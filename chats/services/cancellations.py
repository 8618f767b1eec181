"""Cancellations: a person stops an answer, or a run loses its right to speak."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Actor
from channels_layer.errors import DomainError, NotFoundError
from channels_layer.transport import fences
from chats.models import Run, RunQuerySet
from chats.services import endings
from chats.services.endings import Result
from conversations.models import Conversation


class NotRunningError(DomainError):
    """The run has ended already."""

    code = "not_running"
    detail = _("This answer is not being written any more.")


@transaction.atomic
def cancel(*, run: Run, by: Actor, at: datetime) -> Run:
    """Stop a live run; its worker closes the model's stream and keeps the text so far.

    A run that no worker has, since it waits for a person, ends at once.

    :raises NotRunningError: it has ended.
    """
    conversation, run = _locked(run)
    if not run.is_live:
        raise NotRunningError
    if run.cancel_requested_at is None:
        run.cancel_requested_at = at
        run.cancelled_by = by.reference
        run.save(update_fields=["cancel_requested_at", "cancelled_by"])
    if run.status != Run.Status.RUNNING:
        return endings.close(conversation, run, Result("cancelled", run.text), at=at)
    fences.announce("run", run.pk)
    return run


def cancel_in(
    *, conversation: Conversation, run: UUID, by: Actor, at: datetime, **_signal: Any
) -> None:
    """Stop a run of this conversation, as its reader wants; receives ``stop_requested``.

    :raises NotFoundError: it is no run of this conversation.
    :raises NotRunningError: it has ended.
    """
    row = Run.objects.filter(pk=run, conversation=conversation).first()
    if row is None:
        raise NotFoundError
    cancel(run=row, by=by, at=at)


@transaction.atomic
def settle(*, run: Run, at: datetime) -> Run:
    """End a run whose approval is obsolete: the floor moved on, or the customer wrote again."""
    conversation, run = _locked(run)
    if run.status != Run.Status.WAITING:
        return run
    is_stale = conversation.epoch != run.epoch
    has_newer = conversation.last_customer_position > run.answers_to
    if not is_stale and not has_newer:
        return run
    return endings.close(conversation, run, Result("superseded", run.text), at=at)


def supersede(*, conversation: Conversation, at: datetime, **_signal: Any) -> None:
    """End the live run of a locked conversation; receives ``assistant_muted``.

    Its text so far is kept, marked; its worker finds the fence raised and closes the stream.
    """
    run = _rows().live().filter(conversation=conversation).first()
    if run is not None:
        endings.close(conversation, run, Result("superseded", run.text), at=at)


def _locked(run: Run) -> tuple[Conversation, Run]:
    """Lock the conversation, then the run."""
    conversation = Conversation(pk=run.conversation_id).locked()
    return conversation, _rows().get(pk=run.pk)


def _rows() -> RunQuerySet:
    return Run.objects.select_for_update(no_key=True, of=("self",)).select_related("assistant")
