"""Approvals: a person decides on a tool call; exactly one decision wins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from channels_layer.access.actors import Actor, Staff
from channels_layer.errors import DomainError, ForbiddenError, InvalidError
from channels_layer.work.jobs import enqueue
from chats import tools
from chats.engine import arguments as engine_arguments
from chats.events import TOOL_RESULT, announce_approval
from chats.models import Run, ToolCall
from chats.objects.tool_call import tool_result
from conversations.models import Conversation
from conversations.services.thread import publish_unlisted
from handoff.models import Agent

RANKS = ("agent", "supervisor", "administrator")


class AlreadyDecidedError(DomainError):
    """Another person was faster, or the call is no longer to be made."""

    code = "already_decided"

    def __init__(self, call: ToolCall, *, by: Actor) -> None:
        """Name the decision, and to who may read conversations who made it."""
        name = call.decider_name if by.may("conversations:read") else ""
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


@transaction.atomic
def decide(*, call: ToolCall, by: Actor, decision: Decision, at: datetime) -> ToolCall:
    """Approve or deny a pending call; when no other is pending the run goes on.

    :raises AlreadyDecidedError: it is not pending, or the floor has moved on.
    :raises ForbiddenError: the tool requires a higher role.
    :raises InvalidError: the edited arguments are not what the tool takes.
    """
    conversation = Conversation(pk=call.run.conversation_id).locked()
    runs = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("assistant")
    run = runs.get(pk=call.run_id)
    locked = ToolCall.objects.select_for_update(no_key=True, of=("self",)).select_related("run")
    call = locked.get(pk=call.pk)
    if call.status != ToolCall.Status.PENDING or conversation.epoch != run.epoch:
        raise AlreadyDecidedError(call, by=by)
    _check_right(call, by)
    _write(call, by, decision, at=at)
    publish_unlisted(conversation, TOOL_RESULT, tool_result(call), at=at)
    announce_approval(conversation, call, at=at)
    _let_go_on(run)
    return call


def _check_right(call: ToolCall, by: Actor) -> None:
    needed = RANKS.index(call.role)
    rank = RANKS.index(by.role) if isinstance(by, Staff) else 0
    if rank < needed:
        role = Agent.Role(RANKS[needed]).label
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
    why = engine_arguments.why_not(arguments, tool.parameters) if tool else ""
    if why:
        raise InvalidError(detail=why, fields={"arguments": [why]})
    return arguments


def _let_go_on(run: Run) -> None:
    """Continue a waiting run when no call is pending any more."""
    if ToolCall.objects.pending().filter(run=run).exists():
        return
    if run.status == Run.Status.WAITING:
        run.status = Run.Status.READY
        run.save(update_fields=["status"])
    enqueue("chats.answer", conversation=run.conversation_id)
