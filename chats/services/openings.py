"""Openings: opening a run for unanswered messages, or claiming one without a worker."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from channels_layer.work import leases
from chats.events import RUN_STARTED
from chats.models import LEASE_SECONDS, MOST_ATTEMPTS, Run
from chats.objects.run import started
from chats.services import endings, runs
from chats.services.endings import Result
from conversations import transports
from conversations.models import Assistant, Conversation
from conversations.selectors import attachments
from conversations.services.thread import changing, publish_unlisted

FILE_PATIENCE = timedelta(seconds=30)
"""How long an answer waits for files of its question that are still fetched or read."""


@dataclass(frozen=True)
class Opening:
    """The next work: a run that this worker now holds, the time to check again, or nothing."""

    run: Run | None = None
    due_at: datetime | None = None


NOTHING = Opening()


def next_run(*, conversation_id: UUID, at: datetime) -> Opening:
    """Claim the conversation's live run if it has no worker, else open one for new messages.

    Being called twice at the same moment does no harm: one of the two gets the run.
    """
    run = Run.objects.live().filter(conversation_id=conversation_id).first()
    if run is None:
        return _open(conversation_id, at=at)
    if run.status != Run.Status.WAITING:
        return _take(run, at=at)
    if runs.settle(run=run, at=at).is_live:
        return NOTHING
    return _open(conversation_id, at=at)


def model_of(assistant: Assistant) -> str:
    """Return the model of ``assistant``."""
    return assistant.model or settings.LLM_MODEL


@transaction.atomic
def _open(conversation_id: UUID, *, at: datetime) -> Opening:
    """Begin a run if the floor is the assistant's and the time has come."""
    if not Conversation.objects.filter(pk=conversation_id).exists():
        return NOTHING
    conversation = Conversation(pk=conversation_id).locked()
    due_at = conversation.answer_due_at
    is_live = Run.objects.live().filter(conversation=conversation).exists()
    if due_at is None or is_live or not conversation.assistant_may_speak:
        return NOTHING
    if due_at <= at:
        due_at = _after_files(conversation, due_at, at=at)
    if due_at > at:
        return Opening(due_at=due_at)
    conversation.answer_due_at = None
    with changing(conversation) as changes:
        changes.fields.add("answer_due_at")
        run = _begun(conversation, at=at) if conversation.has_unanswered else None
    return Opening(run=run) if run else NOTHING


def _after_files(conversation: Conversation, due_at: datetime, *, at: datetime) -> datetime:
    """Postpone an answer while files of its question are fetched or read; the last one ends it."""
    since = attachments.awaited_since(conversation)
    if since is None or since + FILE_PATIENCE <= at:
        return due_at
    conversation.answer_due_at = since + FILE_PATIENCE
    conversation.save(update_fields=["answer_due_at"])
    return conversation.answer_due_at


def _begun(conversation: Conversation, *, at: datetime) -> Run:
    """Open a run in a locked conversation, with the current epoch, and lease it at once."""
    run = Run.objects.create(
        conversation=conversation,
        assistant=conversation.assistant,
        epoch=conversation.epoch,
        answers_to=conversation.last_customer_position,
        behind=conversation.last_position,
        model=model_of(conversation.assistant),
        fence=1,
        attempts=1,
        lease_until=Now() + timedelta(seconds=LEASE_SECONDS),
        started_at=at,
    )
    data = started(run, conversation.assistant)
    publish_unlisted(conversation, RUN_STARTED, data, at=at)
    transports.transport_of(conversation).acknowledge(conversation, is_typing=True)
    return run


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
    taken = Run.objects.select_related("assistant").get(pk=run.pk)
    if taken.attempt <= MOST_ATTEMPTS:
        return Opening(run=taken)
    lost = Result(reason="interrupted", text=taken.text, error="attempts")
    endings.finish(run=taken, result=lost, at=at)
    return NOTHING
