"""Trails: what happened to a tool call, step by step, and what that comes to."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from channels_layer import formats
from channels_layer.access.actors import Staff
from chats import verdicts
from chats.lines import differences, note_of
from chats.models import ToolCall
from conversations.tool_line import ToolLine


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened; ``kind`` is key, bad, or empty."""

    at: datetime
    words: str
    who: str = ""
    kind: str = ""


def of(call: ToolCall, actor: Staff) -> list[Event]:
    """Return what happened to a call, in order."""
    found = [Event(at=call.created_at, who=call.run.assistant.name, words=_("asked"))]
    found += _decision(call)
    found += _end(call, actor)
    if call.checked_at:
        is_done = call.status == ToolCall.Status.DONE
        words = _("checked: it happened") if is_done else _("checked: it did not happen")
        found.append(Event(at=call.checked_at, who=call.checker_name, words=words, kind="key"))
    return found


def heading(call: ToolCall, line: ToolLine) -> str:
    """Return what the call is about, as a heading."""
    what = line.summary or line.title
    if line.verdict == verdicts.UNKNOWN:
        return _("Did this happen? %(what)s") % {"what": what}
    return what


def why(call: ToolCall, line: ToolLine) -> str:
    """Return where the call stands, in a sentence."""
    words = {
        "": _("%(name)s waits for a decision before it goes on."),
        verdicts.UNKNOWN: _(
            "It was sent, and no answer came. It will not be sent again by itself."
        ),
        verdicts.EXPIRED: _("Nothing was sent. %(name)s went on without it."),
        verdicts.WITHDRAWN: _("Nothing was sent."),
        "denied": _("Nothing was sent."),
        verdicts.EDITED: _("It was changed, then approved."),
        "approved": _("Approved as %(name)s asked."),
    }
    return words.get(line.verdict, "") % {"name": call.run.assistant.name}


def _decision(call: ToolCall) -> list[Event]:
    if call.decided_at is None:
        return []
    if call.status == ToolCall.Status.DENIED:
        words = _("denied it: %(note)s") % {"note": call.note} if call.note else _("denied it")
        return [Event(at=call.decided_at, who=call.decider_name, words=words, kind="bad")]
    changed = [formats.label(one.name) for one in differences(call) if not one.is_same]
    words = _("approved")
    if changed and verdicts.is_edited(call):
        words = _("changed %(names)s and approved") % {"names": ", ".join(changed)}
    return [Event(at=call.decided_at, who=call.decider_name, words=words, kind="key")]


def _end(call: ToolCall, actor: Staff) -> list[Event]:
    at, since = call.finished_at, call.decided_at or call.created_at
    if at is None or call.status == ToolCall.Status.DENIED:
        return []
    if call.status == ToolCall.Status.EXPIRED:
        note = note_of(call, actor) or _("Not done any more")
        return [Event(at=at, words=note, kind="bad")]
    took = formats.seconds((at - since).total_seconds())
    if call.status == ToolCall.Status.UNKNOWN or call.checked_at:
        return [Event(at=at, words=_("No answer came: a person has to check"), kind="bad")]
    if call.status == ToolCall.Status.FAILED:
        return [Event(at=at, words=_("It failed after %(took)s") % {"took": took}, kind="bad")]
    return [Event(at=at, words=_("The tool answered in %(took)s") % {"took": took})]
