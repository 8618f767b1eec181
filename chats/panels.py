"""Additions to a conversation's pages: tool calls in the thread, usage in the details."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from channels_layer import sentences
from channels_layer.access.actors import Staff
from chats import prices, standstills
from chats.models import Run, ToolCall, Usage
from chats.selectors import reasoning
from chats.services.endings import WROTE_AGAIN
from conversations import panels
from conversations.models import Conversation
from conversations.panels import Banner, Panel, ToolLine

USAGE_ORDER = 20
WORDS = {
    ToolCall.Status.PENDING: "waiting",
    ToolCall.Status.READY: "running",
    ToolCall.Status.RUNNING: "running",
    ToolCall.Status.INVALID: "failed",
}


def register() -> None:
    """Register them with the pages of conversations."""
    panels.register_tool_lines("chats", tool_lines)
    panels.register_reasoning("chats", reasoning.links)
    panels.register_failure_words("chats", failure_words)
    panels.register_panel(
        Panel(template="chats/_usage.html", context=usage_context, order=USAGE_ORDER)
    )
    panels.register_icon("withdrawn", "shield")
    panels.register_banner(Banner(template="chats/_standstill.html", context=standstills.context))


def tool_lines(runs: Sequence[UUID], actor: Staff) -> Mapping[UUID, Sequence[ToolLine]]:
    """Return the calls of ``runs`` as they were made, in the words that the ``actor`` reads."""
    calls = (
        ToolCall.objects.filter(run_id__in=runs)
        .select_related("run__conversation")
        .order_by("created_at", "number", "id")
    )
    found: dict[UUID, list[ToolLine]] = {}
    for call in calls:
        found.setdefault(call.run_id, []).append(_line(call, actor))
    return found


def failure_words(runs: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return what the model's provider said when ``runs`` failed, by run."""
    rows = Run.objects.filter(pk__in=runs).exclude(error_detail="")
    return dict(rows.values_list("pk", "error_detail"))


def usage_context(conversation: Conversation, actor: Staff) -> dict[str, Any]:
    """Return tokens, credits and duration of a conversation; an unknown cost stays unknown."""
    del actor
    total = Usage.objects.filter(conversation=conversation).aggregate(
        input=Sum("input_tokens"),
        output=Sum("output_tokens"),
        price=Sum("cost"),
        unknown=Count("id", filter=Q(cost=None)),
    )
    return {
        "input": total["input"] or 0,
        "output": total["output"] or 0,
        "credits": prices.credits_of(total["price"]),
        "has_unknown": bool(total["unknown"]),
        "lasted": conversation.last_message_at - conversation.created_at,
    }


def _line(call: ToolCall, actor: Staff) -> ToolLine:
    seconds = None
    if call.finished_at is not None:
        seconds = (call.finished_at - call.created_at).total_seconds()
    return ToolLine(
        id=call.pk,
        name=call.name,
        title=sentences.translated(call.title) or call.name,
        subject=_subject(call.arguments),
        status=WORDS.get(ToolCall.Status(call.status), call.status),
        note=_note(call, actor),
        seconds=seconds,
        arguments=call.arguments,
        needs_approval=call.needs_approval,
        decider=call.decider_name,
        decided_at=call.decided_at or call.finished_at,
        is_approved=bool(call.decided_by) and call.status != ToolCall.Status.DENIED,
        changed=_changed(call) if call.needs_approval else frozenset(),
    )


def _note(call: ToolCall, actor: Staff) -> str:
    """Return why a call was not made; in a chat of one's own one is the customer."""
    if call.note == WROTE_AGAIN and call.run.conversation.is_chat_of(actor):
        return _("You wrote again")
    return sentences.translated(call.note)


def _changed(call: ToolCall) -> frozenset[str]:
    """Return the names of arguments that differ from what the model wrote."""
    try:
        written = orjson.loads(call.raw)
    except orjson.JSONDecodeError:
        return frozenset()
    if not isinstance(written, dict):
        return frozenset()
    names = {*written, *call.arguments}
    return frozenset(name for name in names if written.get(name) != call.arguments.get(name))


def _subject(arguments: Mapping[str, Any]) -> str:
    """Return the first short value: what the call is about."""
    for value in arguments.values():
        if isinstance(value, str | int | float) and value != "":
            return f"“{str(value)[:80]}”"
    return ""
