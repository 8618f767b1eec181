"""Endings: the one transaction in which a run's answer becomes a message."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from channels_layer import prepared
from channels_layer.access.actors import System
from channels_layer.prepared import Prepared, Slot
from channels_layer.transport import stream
from channels_layer.work.jobs import enqueue
from chats.events import END, TOOL_RESULT, announce_approval
from chats.models import Run, Titling, ToolCall
from chats.objects.run import ended
from chats.objects.tool_call import tool_result
from chats.selectors.usage import of_run
from chats.services import budgets, held, steps
from chats.services.presented import Json, cards_of
from chats.services.steps import Last
from chats.tools import Effect, LostRunError
from chats.tools.cards import NAME as PRESENT
from conversations.failures import FAILURES
from conversations.models import Conversation, Message
from conversations.services import messages, thread
from conversations.services.thread import Entry, changing, publish_unlisted
from handoff import services as handoff
from handoff.models import Control

APOLOGY = _("I'm sorry, I cannot answer this right now. A colleague of mine will help you here.")
NO_ANSWER = _("I'm sorry, I cannot answer this right now.")
"""What stands in a chat of staff, where no colleague comes."""
WORDLESS = "empty"
"""The error of an answer without a word; where it shows cards it needs none."""
USED_UP = _("I have to stop here for now. A colleague of mine will go on with you.")
"""What the customer reads where a budget ends the answers."""
TAKEN_BACK = "…"
"""What is left of an answer of which no word was meant for the customer."""
CUT_OFF = _("The answer was cut off. A colleague will help you here.")

STATUS_OF = {
    "stop": Run.Status.COMPLETED,
    "length": Run.Status.COMPLETED,
    "limit": Run.Status.COMPLETED,
    "cancelled": Run.Status.CANCELLED,
    "superseded": Run.Status.SUPERSEDED,
    "interrupted": Run.Status.INTERRUPTED,
    "error": Run.Status.FAILED,
}
ANSWERING = frozenset({"stop", "length", "limit", "cancelled"})
"""How a run ends that leaves nothing to answer."""
TITLING = frozenset({"stop", "length", "limit"})
NEEDS_PERSON = {
    "limit": _("The assistant reached its limit of steps"),
    "interrupted": _("The assistant's answer was cut off"),
    "error": _("The assistant could not answer"),
}
WITH_ERROR = _("{sentence} ({error})")
WITHDRAWN = _("The request for approval was withdrawn")
ENDED_SILENT = _("The answer ended without a text")
STOPPED = _("The answer was stopped")
WROTE_AGAIN = _("The customer wrote again")
TURN_IS_OVER = _("The assistant had to stop")
RUN_ENDED = _("The answer ended")
FOR_CUSTOMERS = (APOLOGY, CUT_OFF, USED_UP)
"""Sentences that are stored for customers, to be read in the reader's language."""
SENTENCES = (
    *NEEDS_PERSON.values(),
    *FAILURES.values(),
    *budgets.REACHED.values(),
    WITH_ERROR,
    NO_ANSWER,
    WITHDRAWN,
    ENDED_SILENT,
    STOPPED,
    WROTE_AGAIN,
    TURN_IS_OVER,
    RUN_ENDED,
)
"""Sentences that are stored for staff, to be read in the reader's language."""
MARKED = frozenset({"cancelled", "superseded", "interrupted", "length"})
_ENDED = (
    "reason",
    "status",
    "error",
    "error_detail",
    "text",
    "first_token_at",
    "ended_at",
    "lease_until",
    "next_at",
)
_CALLS = Prepared(
    lambda: ToolCall.objects.filter(
        Q(status__in=ToolCall.OPEN) | Q(status=ToolCall.Status.DONE, name=PRESENT),
        run=Slot(ToolCall, "run"),
    ).order_by("id")
)
"""The calls of a run that its end concerns: those that are open, and those that gave it cards."""


@dataclass(frozen=True)
class Result:
    """How a run ended: the contract's reason, the text that could be seen, what failed."""

    reason: str
    text: str
    error: str = ""
    first_token_at: datetime | None = None
    detail: str = ""
    """What failed, in the provider's words; for staff alone."""
    last: Last | None = None
    """The step with which it ended, where that is not recorded yet."""
    was_taken_back: bool = False
    """Whether text was taken back that the row may still hold."""


@transaction.atomic
def finish(*, run: Run, result: Result, at: datetime) -> Run:
    """End the ``run`` that this worker holds, by its fence; store and publish the answer.

    When the right to speak is gone meanwhile the text is kept, marked as superseded; when a
    person stopped the run, as cancelled.

    :raises LostRunError: the run is another worker's, or ended.
    """
    conversation = Conversation(pk=run.conversation_id).locked()
    mine = held.locked(run)
    if mine and mine.status == Run.Status.SUPERSEDED:
        # A try whose commit was not heard of finds that it no longer holds the run.
        mine.fence += 1
        prepared.update(mine, ["fence"])
        steps.close(run=mine, last=result.last, at=at)
        return _complete_partial(conversation, mine, result, at=at)
    if mine is None or mine.status != Run.Status.RUNNING:
        raise LostRunError
    return close(conversation, mine, result, at=at)


def close(conversation: Conversation, run: Run, result: Result, *, at: datetime) -> Run:
    """End a live ``run``; it and its ``conversation`` are locked."""
    with changing(conversation):
        return _close(conversation, run, result, at=at)


def _close(conversation: Conversation, run: Run, result: Result, *, at: datetime) -> Run:
    calls = _CALLS.rows(run=run.pk)
    cards = cards_of(call for call in calls if call.name == PRESENT)
    if cards and result.error == WORDLESS:
        result = replace(result, reason="stop", error="", detail="")
    run.reason = _reason(conversation, run, result)
    run.status = STATUS_OF[run.reason]
    run.error = result.error[:40] if run.reason == result.reason else ""
    run.error_detail = result.detail if run.error else ""
    run.text = result.text
    run.first_token_at = run.first_token_at or result.first_token_at
    run.ended_at = at
    run.lease_until = run.next_at = None
    prepared.update(run, _ENDED)
    steps.close(run=run, last=result.last, at=at)
    _give_up_calls(conversation, run, calls, at=at)
    has_message = _write(conversation, run, cards, at=at)
    data = ended(run, has_message=has_message, spent=of_run(run.pk))
    publish_unlisted(conversation, END, data, at=at)
    _go_on(conversation, run, at=at)
    transaction.on_commit(lambda: stream.finish(run=run.pk), robust=True)
    return run


def _complete_partial(conversation: Conversation, run: Run, result: Result, *, at: datetime) -> Run:
    """Store what a superseded run had shown in the end: the row is about a second old.

    Mostly there is more of it; where the worker had taken text back, that goes for the message.
    """
    text = result.text
    message = Message.objects.filter(run_id=run.pk).first()
    is_more = message is not None and text.startswith(message.text)
    if message and text != run.text and (is_more or result.was_taken_back):
        run.text, message.text = text, text if text.strip() else TAKEN_BACK
        message.save(update_fields=["text"])
        run.save(update_fields=["text"])
        thread.revise(conversation, message, at=at)
    return run


def _reason(conversation: Conversation, run: Run, result: Result) -> str:
    if conversation.epoch != run.epoch:
        return "superseded"
    return "cancelled" if run.cancel_requested_at else result.reason


def _write(conversation: Conversation, run: Run, cards: list[Json], *, at: datetime) -> bool:
    """Write the message; return whether there is one. An error always leaves one."""
    has_failed = run.reason in NEEDS_PERSON
    if run.reason in ANSWERING or (has_failed and conversation.is_chat):
        messages.mark_answered(conversation, position=run.answers_to)
    text = run.text if run.text.strip() else ""
    if not text and has_failed:
        text = NO_ANSWER if conversation.is_chat else _sorry(run)
    if not text and not cards:
        with changing(conversation) as changes:
            changes.fields.update(["turn_count", "answered_position"])
            _leave_trace(conversation, run, at=at)
        return False
    entry = Entry(
        id=run.message_id,
        author=thread.assistant_author(run.assistant),
        text=text,
        cards=cards,
        run_id=run.pk,
        behind=run.answers_to if run.behind is None else run.behind,
        error=_mark(run),
    )
    thread.append(conversation, entry, at=at)
    return True


def _sorry(run: Run) -> str:
    """Return what the customer reads of an answer that came to nothing."""
    return USED_UP if run.error in budgets.CODES else APOLOGY


def _leave_trace(conversation: Conversation, run: Run, *, at: datetime) -> None:
    """Write a line for staff that carries the calls of a run which left no message.

    What a person was asked to approve stays in the thread, whatever became of it.
    """
    calls = ToolCall.objects.filter(run=run, needs_approval=True)
    if not calls.exists():
        return
    is_withdrawn = calls.filter(status=ToolCall.Status.EXPIRED).exists()
    entry = Entry(
        author=thread.assistant_author(run.assistant),
        kind=Message.Kind.SYSTEM,
        text=WITHDRAWN if is_withdrawn else ENDED_SILENT,
        change="run_ended",
        run_id=run.pk,
        is_public=False,
    )
    thread.append(conversation, entry, at=at)


def _mark(run: Run) -> str:
    """Return the message's mark for how it was cut short."""
    if run.reason == "error":
        return run.error or "error"
    return run.reason if run.reason in MARKED else ""


def _give_up_calls(
    conversation: Conversation, run: Run, calls: Iterable[ToolCall], *, at: datetime
) -> None:
    """Close those of the ``calls`` that will not be made any more."""
    for call in calls:
        if call.status not in ToolCall.OPEN:
            continue
        was_running = call.status == ToolCall.Status.RUNNING and call.effect == Effect.WRITING
        was_pending = call.status == ToolCall.Status.PENDING
        call.status = ToolCall.Status.UNKNOWN if was_running else ToolCall.Status.EXPIRED
        call.finished_at = at
        if was_pending:
            call.note = _why_withdrawn(conversation, run)
        call.save(update_fields=["status", "finished_at", "note"])
        publish_unlisted(conversation, TOOL_RESULT, tool_result(call), at=at)
        if was_running or call.needs_approval:
            announce_approval(conversation, call, at=at)


def _why_withdrawn(conversation: Conversation, run: Run) -> str:
    """Return why nobody is to decide on the calls of an ended ``run`` any more."""
    if run.reason == "cancelled":
        return STOPPED
    if run.reason != "superseded":
        return RUN_ENDED
    return TURN_IS_OVER if conversation.epoch != run.epoch else WROTE_AGAIN


def _go_on(conversation: Conversation, run: Run, *, at: datetime) -> None:
    """Start what follows: a handoff, a title, an answer to what came meanwhile.

    A chat has no customer who waits for a person: whoever tries the assistant out tries again.
    """
    if run.reason in NEEDS_PERSON and not conversation.is_chat:
        conversation = _escalate(conversation, run, at=at)
    if run.reason in TITLING and conversation.title_source == Conversation.TitleSource.NONE:
        prepared.insert_new(Titling(conversation=conversation, next_at=at))
        enqueue("chats.title", conversation=conversation.pk)
    if conversation.answer_due_at is not None:
        enqueue("chats.answer", conversation=conversation.pk)


def _escalate(conversation: Conversation, run: Run, *, at: datetime) -> Conversation:
    """Request a person, and say so to the customer where the answer itself does not."""
    cut = CUT_OFF if run.reason == "interrupted" else USED_UP if run.error in budgets.CODES else ""
    if cut and run.text.strip():
        messages.system_line(conversation, cut, change="cut_off", at=at)
    if conversation.control != Control.AI or conversation.is_ended:
        return conversation
    by = System(name=run.assistant.name)
    return handoff.join(floor=conversation, by=by, reason=failure_of(run), at=at)


def failure_of(run: Run) -> str:
    """Return why a failed ``run`` calls for a person, as it is stored: in words, without codes."""
    if run.error in budgets.CODES:
        return budgets.CODES[run.error]
    reason, words = NEEDS_PERSON[run.reason], FAILURES.get(run.error)
    return WITH_ERROR.format(sentence=reason, error=words) if words else reason
