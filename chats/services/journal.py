"""The journal: the records of a run while it is worked on. Each entry requires the fence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_noop as _

from channels_layer import prepared
from channels_layer.access.actors import System
from channels_layer.prepared import Prepared, PreparedUpdate, Slot
from channels_layer.work.jobs import enqueue
from chats import tools
from chats.engine import arguments
from chats.engine.parts import Call, Step, ToolResult
from chats.events import TOOL_CALL, TOOL_RESULT, announce_approval
from chats.models import Run, RunStep, ToolCall
from chats.objects.tool_call import tool_call, tool_result
from chats.services import budgets, endings, held, steps
from chats.services.budgets import Payer, PlannedCall
from chats.services.endings import Result
from chats.services.steps import Finished, Last, Unfinished
from chats.tools import Effect, LostRunError, Tool
from conversations.models import Conversation
from conversations.services.thread import changing, publish_unlisted
from handoff import services as handoff
from handoff.services import StaleEpochError

UNKNOWN_EFFECT = _("It is unknown whether “{tool}” took effect")


@dataclass(frozen=True)
class Standing:
    """Whether a run may go on: this worker holds it, it is not cancelled, the epoch is current."""

    is_mine: bool
    is_cancelled: bool = False
    is_stale: bool = False


@dataclass(frozen=True)
class ShownText:
    """What a run has shown so far, and since when."""

    run: Run
    text: str
    first_token_at: datetime | None


def _kept() -> tuple[QuerySet[Run], dict[str, Any]]:
    held_rows = Run.objects.select_for_update(no_key=True, skip_locked=True).filter(
        pk=Slot(Run, "pk"), fence=Slot(Run, "fence"), status=Run.Status.RUNNING
    )
    shown = {name: Slot(Run, name) for name in ("text", "first_token_at")}
    return Run.objects.filter(pk__in=held_rows.values("pk")), {**shown, "lease_until": held.LEASE}


_KEEP = PreparedUpdate(_kept)
_STANDING = Prepared(
    lambda: Run.objects.filter(pk=Slot(Run, "pk"), fence=Slot(Run, "fence")).values_list(
        "status", "cancel_requested_at", "conversation__epoch"
    )
)


def keep(texts: Sequence[ShownText]) -> list[Standing]:
    """Store the texts so far of runs and renew their leases together, then check their rights.

    A row that somebody else has locked is left out until the next time: who holds several rows
    waits for none.
    """
    with transaction.atomic():
        for one in texts:
            _KEEP.run(
                pk=one.run.pk, fence=one.run.fence, text=one.text, first_token_at=one.first_token_at
            )
    return [check(run=one.run) for one in texts]


def check(*, run: Run) -> Standing:
    """Check the run's rights alone."""
    row = _STANDING.first(pk=run.pk, fence=run.fence)
    if row is None or row[0] not in {Run.Status.RUNNING, Run.Status.SUPERSEDED}:
        return Standing(is_mine=False)
    return Standing(is_mine=True, is_cancelled=row[1] is not None, is_stale=row[2] != run.epoch)


@transaction.atomic
def start_step(*, run: Run, number: int, call: PlannedCall, at: datetime) -> int | None:
    """Record that the model is being called; a step that a dead worker began begins again.

    Return how many tokens it may write, None where no budget limits them.

    :raises BudgetReachedError: a budget pays for no answer any more.
    """
    mine = _require(run)
    if mine.model != run.model:
        mine.model = run.model
        prepared.update(mine, ["model"])
    payer = Payer(
        conversation_id=mine.conversation_id,
        assistant_id=mine.assistant_id,
        run_id=mine.pk,
        step=number,
    )
    allowed = budgets.allow(payer, call, at=at)
    steps.begin(run=mine, number=number, at=at, prompt=call.prompt, reserved=allowed.cost)
    return allowed.most


@transaction.atomic
def lose_attempt(*, run: Run, took: Unfinished, at: datetime) -> None:
    """Record what an attempt took that failed and is followed by another.

    :raises LostRunError: another worker has the run, and has counted the call.
    """
    mine = held.locked(run)
    if mine is None:
        raise LostRunError
    steps.lose(run=mine, took=took, at=at)


@transaction.atomic
def finish_step(
    *, run: Run, step: Step, prompt: int, at: datetime, offered: Sequence[Tool] | None = None
) -> None:
    """Record what the model wrote, its usage, and the calls it requests, before any is made.

    ``offered`` are the tools that the model could call, if not all of the assistant's. ``prompt``
    is an estimate of the input's tokens, for providers that do not report usage. A step that is
    finished stays as it is: the answer to its commit was lost.
    """
    conversation = _locked(run) if step.calls else None
    _require(run)
    is_new = steps.finish(run=run, finished=Finished(step, prompt), at=at)
    if not is_new or conversation is None:
        return
    row = RunStep.objects.get(run=run, number=step.number)
    if offered is None:
        offered = tools.offer(run.assistant).tools
    known = {tool.name: tool for tool in offered}
    with changing(conversation):
        for number, call in enumerate(step.calls):
            made = _call_row(row, number, call, known.get(call.name), at=at)
            made.run = run
            made.expires_at = _expiry(made, at=at)
            made.save(force_insert=True)
            _publish_call(conversation, made, at=at)


@transaction.atomic
def start_call(*, run: Run, call: Call) -> UUID:
    """Record that ``call`` is being made; return the id of its row.

    :raises StaleEpochError: the right to act is gone.
    """
    conversation = _locked(run)
    _require(run)
    if conversation.epoch != run.epoch:
        raise StaleEpochError(conversation.epoch)
    row = _row(run, call)
    row.status = ToolCall.Status.RUNNING
    row.save(update_fields=["status"])
    return row.pk


@transaction.atomic
def finish_call(*, run: Run, call: Call, outcome: ToolResult, at: datetime) -> None:
    """Record and publish the outcome of ``call``, once."""
    conversation = _locked(run)
    _require(run)
    row = _row(run, call)
    if row.finished_at:
        return
    row.status, row.result, row.finished_at = outcome.status, outcome.content, at
    row.save(update_fields=["status", "result", "finished_at"])
    if row.status == ToolCall.Status.UNKNOWN:
        _ask_to_check(conversation, run, row, at=at)
    else:
        _publish_result(conversation, run, row, at=at)


@transaction.atomic
def wait_for_approval(*, run: Run, result: Result, at: datetime) -> Run:
    """Let the run wait until a person has decided; no worker is bound meanwhile."""
    conversation = _locked(run)
    try:
        mine = _require(run)
    except StaleEpochError:
        return endings.finish(run=run, result=result, at=at)
    is_obsolete = conversation.last_customer_position > run.answers_to
    if conversation.epoch != run.epoch or mine.cancel_requested_at or is_obsolete:
        return endings.close(conversation, mine, Result("superseded", result.text), at=at)
    mine.text = result.text
    mine.first_token_at = mine.first_token_at or result.first_token_at
    undecided = ToolCall.objects.pending().filter(run=run).exists()
    mine.status = Run.Status.WAITING if undecided else Run.Status.READY
    mine.lease_until = None
    mine.save(update_fields=["text", "first_token_at", "status", "lease_until"])
    if not undecided:
        enqueue("chats.answer", conversation=run.conversation_id)
    return mine


@transaction.atomic
def resume(*, run: Run, at: datetime) -> list[Step]:
    """Return a run's finished steps as the engine goes on from them.

    A call that a dead worker left in flight is made again only if that does no harm; else its
    outcome is unknown, and a person is requested to check.
    """
    conversation = _locked(run)
    _require(run)
    in_flight = ToolCall.objects.filter(run=run, status=ToolCall.Status.RUNNING).order_by("id")
    for row in in_flight:
        if row.effect != Effect.WRITING:
            row.status = ToolCall.Status.READY
            row.save(update_fields=["status"])
        else:
            conversation = _leave_unknown(conversation, run, row, at=at)
    rows = RunStep.objects.filter(run=run, finished_at__isnull=False).order_by("number")
    return [_step(step) for step in rows.prefetch_related("tool_calls")]


def _leave_unknown(
    conversation: Conversation, run: Run, row: ToolCall, *, at: datetime
) -> Conversation:
    row.status, row.finished_at = ToolCall.Status.UNKNOWN, at
    row.result = arguments.problem(arguments.UNKNOWN)
    row.save(update_fields=["status", "finished_at", "result"])
    return _ask_to_check(conversation, run, row, at=at)


def _ask_to_check(
    conversation: Conversation, run: Run, row: ToolCall, *, at: datetime
) -> Conversation:
    """Publish that the outcome of a call is unknown, and request a person to find out."""
    _publish_result(conversation, run, row, at=at)
    if not conversation.assistant_may_speak or conversation.is_chat:
        return conversation
    reason = UNKNOWN_EFFECT.format(tool=row.title)
    by = System(name=run.assistant.name)
    return handoff.join(floor=conversation, by=by, reason=reason, at=at)


@transaction.atomic
def hand_over(*, run: Run, last: Last | None, at: datetime) -> bool:
    """Release the run, so that another worker takes it at once; return false if it was lost.

    The other worker begins the ``last`` step again, or goes on from it where it is finished.
    """
    rows = Run.objects.filter(pk=run.pk, fence=run.fence, status=Run.Status.RUNNING)
    if not rows.update(lease_until=None, fence=F("fence") + 1):
        return False
    steps.close(run=run, last=last, at=at)
    enqueue("chats.answer", conversation=run.conversation_id)
    return True


def _locked(run: Run) -> Conversation:
    return Conversation(pk=run.conversation_id).locked()


def _require(run: Run) -> Run:
    """Lock the run's row and check that it is still this worker's.

    :raises StaleEpochError: a person came, and the worker has to add what it showed meanwhile.
    :raises LostRunError: another worker has the run, or it ended.
    """
    mine = held.locked(run)
    if mine and mine.status == Run.Status.SUPERSEDED:
        raise StaleEpochError(mine.conversation.epoch)
    if mine is None or mine.status != Run.Status.RUNNING:
        raise LostRunError
    return mine


def _row(run: Run, call: Call) -> ToolCall:
    return ToolCall.objects.filter(run=run, call_id=call.id).latest("step__number", "number")


def _call_row(
    step: RunStep, number: int, call: Call, tool: Tool | None, *, at: datetime
) -> ToolCall:
    row = ToolCall(
        step=step,
        number=number,
        call_id=call.id,
        name=call.name[:64],
        title=tool.title if tool else call.name[:120],
        raw=call.raw,
        arguments=call.arguments,
        extra=call.extra,
        effect=tool.effect if tool else Effect.WRITING,
        summary=tool.summary if tool else "",
        role=tool.role if tool else "agent",
        needs_approval=call.needs_approval,
        status=ToolCall.Status.PENDING if call.needs_approval else ToolCall.Status.READY,
        created_at=at,
    )
    if call.outcome:
        row.status, row.result = call.outcome.status, call.outcome.content
        row.finished_at = at
    return row


def _expiry(row: ToolCall, *, at: datetime) -> datetime | None:
    """Return until when somebody has to decide on a call; None where nobody has to."""
    if row.status != ToolCall.Status.PENDING:
        return None
    return at + timedelta(minutes=row.run.assistant.approval_minutes)


def _publish_call(conversation: Conversation, row: ToolCall, *, at: datetime) -> None:
    publish_unlisted(conversation, TOOL_CALL, tool_call(row), at=at)
    if row.status == ToolCall.Status.PENDING:
        announce_approval(conversation, row, at=at)
    if row.finished_at:
        publish_unlisted(conversation, TOOL_RESULT, tool_result(row), at=at)


def _publish_result(conversation: Conversation, run: Run, row: ToolCall, *, at: datetime) -> None:
    """Publish what came of a call; its row too, where it concerns people."""
    publish_unlisted(conversation, TOOL_RESULT, tool_result(row), at=at)
    if row.needs_approval or row.status == ToolCall.Status.UNKNOWN:
        row.run = run
        announce_approval(conversation, row, at=at)


def _step(row: RunStep) -> Step:
    calls = sorted(row.tool_calls.all(), key=lambda call: call.number)
    made = tuple(_call(call) for call in calls)
    return Step(row.number, row.text, row.finish, made, reasoning=row.reasoning)


def _call(row: ToolCall) -> Call:
    is_open = row.status in ToolCall.OPEN
    return Call(
        id=row.call_id,
        name=row.name,
        raw=row.raw,
        arguments=row.arguments,
        needs_approval=row.status == ToolCall.Status.PENDING,
        outcome=None if is_open else ToolResult(row.status, row.result),
        extra=row.extra,
    )
