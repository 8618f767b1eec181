"""Openings: opening a run for unanswered messages, or claiming one without a worker."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, FilteredRelation, Q

from channels_layer import prepared
from channels_layer.prepared import Prepared, Slot
from channels_layer.work import leases
from chats.events import RUN_STARTED
from chats.models import LEASE_SECONDS, MOST_ATTEMPTS, Run
from chats.objects.run import started
from chats.services import budgets, endings, held, lost_calls, prompts, runs, steps
from chats.services.budgets import Payer
from chats.services.endings import Result
from chats.services.prompts import Prompt
from conversations import transports
from conversations.models import Assistant, Conversation
from conversations.selectors import attachments
from conversations.services.thread import changing, publish_unlisted

logger = logging.getLogger(__name__)

FILE_PATIENCE = timedelta(seconds=30)
"""How long an answer waits for files of its question that are still fetched or read."""


@dataclass(frozen=True)
class Opening:
    """The next work: a run that this worker now holds, the time to check again, or nothing.

    ``prompt`` is what its model reads first; None where the run goes on, or it failed. Where a
    budget limits its first step that has not begun yet.
    """

    run: Run | None = None
    due_at: datetime | None = None
    prompt: Prompt | None = None
    is_limited: bool = False


NOTHING = Opening()

_STATE = Prepared(
    lambda: (
        Conversation.objects.filter(pk=Slot(Conversation, "pk"))
        .annotate(live=FilteredRelation("runs", condition=Q(runs__status__in=Run.LIVE)))
        .values_list("answer_due_at", "live__id")
    )
)
_LIVE = Prepared(
    lambda: Run.objects.live().filter(conversation=Slot(Run, "conversation")).values_list("pk")
)
_TAKEN = Prepared(
    lambda: Run.objects.select_related(
        "assistant", "conversation__contact", "conversation__author"
    ).filter(pk=Slot(Run, "pk"))
)


def begin(*, conversation_id: UUID, at: datetime) -> Opening:
    """Do as ``next_run``, and build the prompt of a run that begins."""
    found = next_run(conversation_id=conversation_id, at=at)
    if found.run is None or found.run.attempts > 1:
        return found
    try:
        return replace(found, prompt=prompts.build(run=found.run, at=at))
    except Exception as error:
        # The run is open: whatever this was, its worker tries again and ends it visibly.
        logger.exception("The prompt of run %s was not built at once", found.run.pk)
        if isinstance(error, DatabaseError | InterfaceError):
            # What comes next in this thread would meet the broken one.
            connection.close()
        return found


def next_run(*, conversation_id: UUID, at: datetime) -> Opening:
    """Claim the conversation's live run if it has no worker, else open one for new messages.

    Being called twice at the same moment does no harm: one of the two gets the run. What cannot
    begin yet is told without a lock.
    """
    due_at, live = _STATE.first(pk=conversation_id) or (None, None)
    if live is not None:
        return _go_on(conversation_id, at=at)
    if due_at is None or due_at > at:
        return Opening(due_at=due_at)
    return _open(conversation_id, at=at)


def model_of(assistant: Assistant) -> str:
    """Return the model of ``assistant``."""
    return assistant.model or settings.LLM_MODEL


def _go_on(conversation_id: UUID, *, at: datetime) -> Opening:
    """Claim the live run of a conversation; open another where it has ended, or does so now."""
    run = Run.objects.live().filter(conversation_id=conversation_id).first()
    if run is not None and run.status != Run.Status.WAITING:
        return _take(run, at=at)
    if run is not None and runs.settle(run=run, at=at).is_live:
        return NOTHING
    return _open(conversation_id, at=at)


@transaction.atomic
def _open(conversation_id: UUID, *, at: datetime) -> Opening:
    """Begin a run if the floor is the assistant's and the time has come."""
    try:
        conversation = Conversation(pk=conversation_id).locked()
    except Conversation.DoesNotExist:
        return NOTHING
    due_at = conversation.answer_due_at
    is_live = _LIVE.first(conversation=conversation.pk) is not None
    if due_at is None or is_live or not conversation.assistant_may_speak:
        return NOTHING
    if due_at <= at:
        due_at = _after_files(conversation, due_at, at=at)
    if due_at > at:
        return Opening(due_at=due_at)
    conversation.answer_due_at = None
    with changing(conversation) as changes:
        changes.fields.add("answer_due_at")
        return _begun(conversation, at=at) if conversation.has_unanswered else NOTHING


def _after_files(conversation: Conversation, due_at: datetime, *, at: datetime) -> datetime:
    """Postpone an answer while files of its question are fetched or read; the last one ends it."""
    since = attachments.awaited_since(conversation)
    if since is None or since + FILE_PATIENCE <= at:
        return due_at
    conversation.answer_due_at = since + FILE_PATIENCE
    prepared.update(conversation, ["answer_due_at"])
    return conversation.answer_due_at


def _begun(conversation: Conversation, *, at: datetime) -> Opening:
    """Open a run in a locked conversation, with the current epoch, and lease it at once.

    Its first step begins with it, unless a budget has to pay for that. One that is used up ends
    the run as soon as it has begun.
    """
    run = Run(
        conversation=conversation,
        assistant=conversation.assistant,
        epoch=conversation.epoch,
        answers_to=conversation.last_customer_position,
        behind=conversation.last_position,
        model=model_of(conversation.assistant),
        fence=1,
        attempts=1,
        lease_until=held.LEASE,
        started_at=at,
    )
    prepared.insert(run)
    payer = Payer(
        conversation_id=conversation.pk, assistant_id=conversation.assistant_id, run_id=run.pk
    )
    limited = budgets.held_by(payer)
    if not limited:
        steps.begin(run=run, number=1, at=at)
    data = started(run, conversation.assistant)
    publish_unlisted(conversation, RUN_STARTED, data, at=at)
    if reached := budgets.used_up(limited, payer, at=at):
        result = Result("limit", "", error=budgets.code_of(reached))
        endings.close(conversation, run, result, at=at)
        return NOTHING
    transports.transport_of(conversation).acknowledge(conversation, is_typing=True)
    return Opening(run=run, is_limited=bool(limited))


def _take(run: Run, *, at: datetime) -> Opening:
    """Claim a run that no worker holds; one whose text was lost begins its step again."""
    was_ready = run.status == Run.Status.READY
    fence = leases.claim(
        Run,
        run.pk,
        seconds=LEASE_SECONDS,
        where=Q(status=run.status, fence=run.fence),
        status=Run.Status.RUNNING,
        attempt=F("attempt") + (0 if was_ready else 1),
    )
    if fence is None:
        return NOTHING
    taken = _TAKEN.rows(pk=run.pk)[0]
    if not was_ready:
        lost_calls.count(run=taken, at=at)
    if taken.attempt <= MOST_ATTEMPTS:
        return Opening(run=taken)
    lost = Result(reason="interrupted", text=taken.text, error="attempts")
    endings.finish(run=taken, result=lost, at=at)
    return NOTHING
