"""Verdicts: what became of a tool call that concerns people."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from channels_layer.rest import Label
from chats.models import ToolCall
from chats.objects.tool_call import asked
from chats.services.approvals import NOBODY_DECIDED

EDITED = "edited"
EXPIRED = "expired"
WITHDRAWN = "withdrawn"
UNKNOWN = "unknown"
WORDS: dict[str, Label] = {
    "approved": pgettext_lazy("tool call", "Approved"),
    EDITED: gettext_lazy("Edited, approved"),
    "denied": pgettext_lazy("tool call", "Denied"),
    EXPIRED: pgettext_lazy("tool call", "Expired"),
    WITHDRAWN: pgettext_lazy("request for approval", "Withdrawn"),
    "failed": pgettext_lazy("tool call", "Failed"),
    UNKNOWN: gettext_lazy("Outcome unknown"),
    "happened": gettext_lazy("It happened"),
    "not-happened": gettext_lazy("It did not happen"),
}
ICONS = {
    "approved": "check",
    EDITED: "pencil",
    "denied": "stop",
    EXPIRED: "clock",
    WITHDRAWN: "return",
    "failed": "warning",
    UNKNOWN: "warning",
    "happened": "check",
    "not-happened": "close",
}
_SIMPLE = {
    ToolCall.Status.UNKNOWN: UNKNOWN,
    ToolCall.Status.DENIED: "denied",
    ToolCall.Status.FAILED: "failed",
}


def of(call: ToolCall) -> str:
    """Return the verdict of a call; empty while it waits, and for one that concerns nobody."""
    status = ToolCall.Status(call.status)
    if call.checked_at is not None:
        return "happened" if status == ToolCall.Status.DONE else "not-happened"
    if status == ToolCall.Status.UNKNOWN:
        return UNKNOWN
    if not call.needs_approval or status == ToolCall.Status.PENDING:
        return ""
    if status == ToolCall.Status.EXPIRED:
        return EXPIRED if call.note == NOBODY_DECIDED else WITHDRAWN
    return _SIMPLE.get(status) or (EDITED if is_edited(call) else "approved")


def word(verdict: str) -> str:
    """Return a verdict in the reader's language."""
    return str(WORDS.get(verdict, ""))


def is_edited(call: ToolCall) -> bool:
    """Return whether somebody changed what the assistant had asked for."""
    before = asked(call)
    return before is not None and before != call.arguments


def signature(call: ToolCall, verdict: str) -> str:
    """Return who decided, as a sentence without its time; empty where nobody did."""
    if verdict == EXPIRED:
        return _("Nobody decided in time")
    if call.decided_by:
        return _decided(call) % {"name": call.decider_name}
    if verdict != WITHDRAWN:
        return ""
    if call.decider_name:
        return _("Withdrawn by %(name)s") % {"name": call.decider_name}
    return pgettext("request for approval", "Withdrawn")


def _decided(call: ToolCall) -> str:
    if call.status == ToolCall.Status.DENIED:
        return _("Denied by %(name)s")
    return _("Approved with changes by %(name)s") if is_edited(call) else _("Approved by %(name)s")
