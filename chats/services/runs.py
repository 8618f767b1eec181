"""Runs: stopping the answer in progress, and replacing the newest one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Actor
from channels_layer.errors import DomainError, NotFoundError
from channels_layer.transport import fences
from channels_layer.work.jobs import enqueue
from chats.models import Run, RunQuerySet, ToolCall
from chats.services import endings
from chats.services.endings import Result
from conversations.models import AuthorKind, Contact, Conversation, Message
from conversations.selectors.messages import last_said
from conversations.services import messages
from conversations.services.thread import changing
from handoff.services import EndedError


class NotRunningError(DomainError):
    """The run has ended already."""

    code = "not_running"
    detail = _("This answer is not being written any more.")


class StillRunningError(DomainError):
    """An answer is being written."""

    code = "still_running"
    detail = _("An answer is being written; stop it first.")


class FloorTakenError(DomainError):
    """The assistant may not speak in this conversation now."""

    code = "floor_taken"
    detail = _("The assistant may not speak here now.")


class NotNewestError(DomainError):
    """There is a newer message than this answer."""

    code = "not_newest"
    detail = _("Only the newest question and its answer can be changed.")


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
        ToolCall.objects.pending().filter(run=run).update(decider_name=by.label[:200])
    if run.status != Run.Status.RUNNING:
        return endings.close(conversation, run, Result("cancelled", run.text), at=at)
    fences.announce("run", run.pk)
    return run


def follow_merge(*, former: Contact, contact: Contact, **_signal: Any) -> None:
    """Name the other contact as who stopped a run; receives ``contact_merged``."""
    stopped = Run.objects.filter(conversation__contact=contact, cancelled_by=former.reference)
    stopped.update(cancelled_by=contact.reference)


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


@transaction.atomic
def regenerate(*, run: Run, at: datetime) -> Run:
    """Let the assistant answer again what ``run`` answered; its own answer stays, marked.

    :raises StillRunningError: an answer is being written.
    :raises FloorTakenError: a person has the floor, or the assistant is switched off.
    :raises NotNewestError: something was said since.
    """
    conversation = Conversation(pk=run.conversation_id).locked()
    _check(conversation, run)
    newest = last_said(conversation)
    is_answer = newest is not None and newest.run_id == run.pk
    is_question = newest is not None and newest.position == run.answers_to
    if not is_answer and not is_question:
        raise NotNewestError
    messages.ask_again(conversation, replaced=newest if is_answer else None, at=at)
    enqueue("chats.answer", conversation=conversation.pk)
    return run


@transaction.atomic
def reword(*, message: Message, text: str, by: Actor, at: datetime) -> Message:
    """Change one's newest question in one's own chat and let the assistant answer it anew.

    The former answer stays, marked; the model reads neither it nor the former question.

    :raises StillRunningError: an answer is being written.
    :raises FloorTakenError: a person has the floor, or the assistant is switched off.
    :raises NotNewestError: it is not one's newest question.
    """
    conversation = Conversation(pk=message.conversation_id).locked()
    _check_floor(conversation)
    is_newest = message.position == conversation.last_customer_position
    if not is_newest or message.actor != by.reference:
        raise NotNewestError
    answers = Message.objects.filter(
        conversation=conversation, author_kind=AuthorKind.ASSISTANT, position__gt=message.position
    ).exclude(behind__lt=message.position)
    former = answers.exclude(error=Message.REPLACED).order_by("-position").first()
    with changing(conversation):
        message = messages.edit(conversation, message, text=text, at=at)
        messages.ask_again(conversation, replaced=former, at=at)
    enqueue("chats.answer", conversation=conversation.pk)
    return message


def _check(conversation: Conversation, run: Run) -> None:
    _check_floor(conversation)
    if conversation.last_customer_position > run.answers_to:
        raise NotNewestError


def _check_floor(conversation: Conversation) -> None:
    if conversation.is_ended:
        raise EndedError
    if not conversation.assistant_may_speak:
        raise FloorTakenError
    if Run.objects.live().filter(conversation=conversation).exists():
        raise StillRunningError


def _locked(run: Run) -> tuple[Conversation, Run]:
    """Lock the conversation, then the run."""
    conversation = Conversation(pk=run.conversation_id).locked()
    return conversation, _rows().get(pk=run.pk)


def _rows() -> RunQuerySet:
    return Run.objects.select_for_update(no_key=True, of=("self",)).select_related("assistant")
