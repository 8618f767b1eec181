"""Approvals: a person decides on a tool call, or finds out what became of it; exactly one wins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from channels_layer.access.actors import Actor, System
from channels_layer.errors import DomainError, ForbiddenError, InvalidError
from channels_layer.work.jobs import enqueue
from chats import argument_errors, roles, tools
from chats.engine import arguments as engine_arguments
from chats.events import TOOL_RESULT, announce_approval
from chats.models import Run, ToolCall
from chats.objects.tool_call import tool_result
from conversations.models import Conversation, Message
from conversations.services import thread
from conversations.services.thread import Entry, publish_unlisted
from handoff import services as handoff
from handoff.models import Agent

NOBODY_DECIDED = gettext_noop("Nobody decided in time")
UNDECIDED = gettext_noop("Nobody decided in time on “{tool}”")
"""Why a person is requested for a customer whose assistant waited in vain."""
CHECKED_DONE = gettext_noop("{name} checked “{tool}”: it happened")
CHECKED_FAILED = gettext_noop("{name} checked “{tool}”: it did not happen")
SENTENCES = (NOBODY_DECIDED, UNDECIDED, CHECKED_DONE, CHECKED_FAILED)
"""Sentences that are stored for staff, to be read in the reader's language."""
CHECKED = "tool_checked"
"""The change of the line that says what a person found out."""

_TOO_LATE = (
    "Nobody decided in time, so it was not done. Tell the customer that a colleague was asked to "
    "help here. Do not try it again."
)
_TOO_LATE_IN_CHAT = "Nobody decided in time, so it was not done. Do not try it again by yourself."
_HAPPENED = "A colleague checked: it took effect."
_FAILED = "A colleague checked: it did not take effect."


class AlreadyDecidedError(DomainError):
    """Another person was faster, or the call is no longer to be made."""

    code = "already_decided"

    def __init__(self, call: ToolCall, *, by: Actor) -> None:
        """Name the decision, and to who may read conversations who made it."""
        name = call.checker_name or call.decider_name
        name = name if by.may("conversations:read") else ""
        detail = _("This was decided already: %(status)s.")
        if name:
            detail = _("This was decided already by %(name)s: %(status)s.")
        super().__init__(
            detail=detail % {"name": name, "status": call.get_status_display().lower()},
            extra={"status": call.status, "decided_by": name or None},
        )


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a person decided: to approve, perhaps with other arguments, or to deny, perhaps why."""

    is_approved: bool
    arguments: dict[str, Any] | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a person found out about a call with an unknown outcome."""

    has_happened: bool
    note: str = ""


@transaction.atomic
def decide(*, call: ToolCall, by: Actor, decision: Decision, at: datetime) -> ToolCall:
    """Approve or deny a pending call; when no other is pending the run goes on.

    :raises AlreadyDecidedError: it is not pending, or the floor has moved on.
    :raises ForbiddenError: the tool requires a higher role.
    :raises InvalidError: the edited arguments are not what the tool takes.
    """
    conversation, run, call = _locked(call)
    if call.status != ToolCall.Status.PENDING or conversation.epoch != run.epoch:
        raise AlreadyDecidedError(call, by=by)
    _check_right(call, by)
    _write(call, by, decision, at=at)
    publish_unlisted(conversation, TOOL_RESULT, tool_result(call), at=at)
    announce_approval(conversation, call, at=at)
    _let_go_on(run)
    return call


@transaction.atomic
def expire(*, call: ToolCall, at: datetime) -> ToolCall:
    """End the wait for a decision whose time is up: the run goes on without the call.

    A person is requested for the customer. A call that somebody decided on, or that is no longer to
    be made, stays as it is.
    """
    conversation, run, call = _locked(call)
    is_due = call.expires_at is not None and call.expires_at <= at
    is_pending = call.status == ToolCall.Status.PENDING and run.status == Run.Status.WAITING
    if not is_due or not is_pending or conversation.epoch != run.epoch:
        return call
    call.status, call.note, call.finished_at = ToolCall.Status.EXPIRED, NOBODY_DECIDED, at
    why = _TOO_LATE_IN_CHAT if conversation.is_chat else _TOO_LATE
    call.result = engine_arguments.problem(why)
    call.save(update_fields=["status", "note", "finished_at", "result"])
    publish_unlisted(conversation, TOOL_RESULT, tool_result(call), at=at)
    announce_approval(conversation, call, at=at)
    if conversation.assistant_may_speak and not conversation.is_chat:
        reason = UNDECIDED.format(tool=call.title)
        by = System(name=run.assistant.name)
        handoff.join(floor=conversation, by=by, reason=reason, at=at)
    _let_go_on(run)
    return call


@transaction.atomic
def check(*, call: ToolCall, by: Actor, finding: Finding, at: datetime) -> ToolCall:
    """Record what a person found out about a call of which nobody knows whether it took effect.

    A line for staff says so in the thread; the assistant reads it where it still waits, or else
    with its next question.

    :raises AlreadyDecidedError: its outcome is known.
    :raises ForbiddenError: the tool requires a higher role.
    """
    conversation, _run, call = _locked(call)
    if call.status != ToolCall.Status.UNKNOWN:
        raise AlreadyDecidedError(call, by=by)
    _check_right(call, by)
    call.status = ToolCall.Status.DONE if finding.has_happened else ToolCall.Status.FAILED
    call.checked_by, call.checker_name, call.checked_at = by.reference, by.label[:200], at
    call.check_note = finding.note[:500]
    call.result = _result_of(finding)
    fields = ["status", "checked_by", "checker_name", "checked_at", "check_note", "result"]
    call.save(update_fields=fields)
    _leave_line(conversation, call, by, at=at)
    publish_unlisted(conversation, TOOL_RESULT, tool_result(call), at=at)
    announce_approval(conversation, call, at=at)
    return call


def _locked(call: ToolCall) -> tuple[Conversation, Run, ToolCall]:
    """Lock the conversation, then the run, then the call."""
    conversation = Conversation(pk=call.run.conversation_id).locked()
    runs = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("assistant")
    run = runs.get(pk=call.run_id)
    rows = ToolCall.objects.select_for_update(no_key=True, of=("self",))
    locked = rows.get(pk=call.pk)
    locked.run = run
    return conversation, run, locked


def _check_right(call: ToolCall, by: Actor) -> None:
    if not roles.may_decide(by, call.role):
        role = Agent.Role(call.role).label
        detail = _("Only somebody with the role %(role)s decides on this.") % {"role": role}
        raise ForbiddenError(detail)


def _write(call: ToolCall, by: Actor, decision: Decision, *, at: datetime) -> None:
    if decision.is_approved and decision.arguments is not None:
        call.arguments = _checked(call, decision.arguments)
    call.status = ToolCall.Status.READY if decision.is_approved else ToolCall.Status.DENIED
    call.decided_by, call.decider_name, call.decided_at = by.reference, by.label, at
    call.note = decision.note[:500]
    if not decision.is_approved:
        why = f"It was not approved. {decision.note}".strip()
        call.result, call.finished_at = engine_arguments.problem(why), at
    call.save()


def _checked(call: ToolCall, arguments: dict[str, Any]) -> dict[str, Any]:
    tool = tools.find(call.name)
    schema = tool.parameters if tool else {}
    errors = argument_errors.errors_of(arguments, schema, before=call.arguments)
    if errors:
        raise InvalidError(argument_errors.sentence(errors), fields=argument_errors.fields(errors))
    return arguments


def _result_of(finding: Finding) -> str:
    said = _HAPPENED if finding.has_happened else _FAILED
    said = f"{said} {finding.note}".strip()
    if finding.has_happened:
        return engine_arguments.outcome(said)
    return engine_arguments.problem(said)


def _leave_line(conversation: Conversation, call: ToolCall, by: Actor, *, at: datetime) -> None:
    is_done = call.status == ToolCall.Status.DONE
    sentence = CHECKED_DONE if is_done else CHECKED_FAILED
    entry = Entry(
        author=thread.author_of(by),
        kind=Message.Kind.SYSTEM,
        text=sentence.format(name=by.mention, tool=call.title),
        change=CHECKED,
        detail=call.check_note,
        is_public=False,
    )
    thread.append(conversation, entry, at=at)


def _let_go_on(run: Run) -> None:
    """Continue a waiting run when no call is pending any more."""
    if ToolCall.objects.pending().filter(run=run).exists():
        return
    if run.status == Run.Status.WAITING:
        run.status = Run.Status.READY
        run.save(update_fields=["status"])
    enqueue("chats.answer", conversation=run.conversation_id)
