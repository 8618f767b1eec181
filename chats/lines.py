"""Tool calls as people read them in threads: what they do, what became of them, what they ask."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db.models import QuerySet
from django.db.models.functions import Left, Length
from django.urls import reverse
from django.utils.translation import gettext as _

from channels_layer import formats, sentences
from channels_layer.access.actors import Staff
from chats import fields, roles, tools, verdicts
from chats.models import ToolCall
from chats.objects.tool_call import asked, summary
from chats.selectors import approvals
from chats.services.endings import WROTE_AGAIN
from conversations.tool_line import Difference, Question, ToolAnswer, ToolLine
from handoff.models import Agent

SHOWN = 4_000
"""Code points of a result that a thread shows; the rest is a click away."""
LONGEST_VALUE = 40
"""Code points of the value that stands on Approve."""
WORDS = {
    ToolCall.Status.PENDING: "waiting",
    ToolCall.Status.READY: "running",
    ToolCall.Status.RUNNING: "running",
    ToolCall.Status.INVALID: "failed",
}
_VALUE = re.compile(r"(?:[€$£¥]\s?)?\{(\w+)\}(?:\s?[€$£¥%])?")
"""The first place of a summary, with the sign of a currency beside it."""


def tool_lines(runs: Sequence[UUID], actor: Staff) -> Mapping[UUID, Sequence[ToolLine]]:
    """Return the calls of ``runs`` as they were made, in the words that the ``actor`` reads."""
    found: dict[UUID, list[ToolLine]] = {}
    for call in readable(ToolCall.objects.filter(run_id__in=runs)):
        found.setdefault(call.run_id, []).append(line_of(call, actor))
    return found


def readable(calls: QuerySet[ToolCall]) -> QuerySet[ToolCall]:
    """Return ``calls`` with what ``line_of`` needs; of results the beginning."""
    known = calls.select_related("run__conversation", "run__assistant").defer("result")
    shown = known.annotate(shown=Left("result", SHOWN), result_length=Length("result"))
    return shown.order_by("created_at", "number", "id")


def line_of(call: ToolCall, actor: Staff) -> ToolLine:
    """Return one of the ``readable`` calls as the ``actor`` reads it."""
    verdict = verdicts.of(call)
    ended = call.finished_at
    return ToolLine(
        id=call.pk,
        name=call.name,
        title=sentences.translated(call.title) or call.name,
        subject=_subject(call.arguments),
        status=WORDS.get(ToolCall.Status(call.status), call.status),
        assistant=call.run.assistant.name,
        summary=summary(call),
        note=note_of(call, actor),
        seconds=(ended - call.created_at).total_seconds() if ended else None,
        arguments=call.arguments,
        needs_approval=call.needs_approval,
        verdict=verdict,
        verdict_word=verdicts.word(verdict),
        verdict_icon=verdicts.ICONS.get(verdict, ""),
        signature=verdicts.signature(call, verdict),
        decider=call.decider_name,
        is_mine=call.decided_by == actor.reference,
        created_at=call.created_at,
        decided_at=call.decided_at or call.finished_at,
        expires_at=call.expires_at,
        is_approved=bool(call.decided_by) and call.status != ToolCall.Status.DENIED,
        differences=differences(call) if verdict == verdicts.EDITED else (),
        checker=call.checker_name,
        checked_at=call.checked_at,
        check_note=call.check_note,
        answer=_answer(call),
        question=question_of(call, actor),
        url=reverse("chats:approval", args=[call.pk]) if verdict or call.needs_approval else "",
    )


def note_of(call: ToolCall, actor: Staff) -> str:
    """Return why a call was not made; in a chat of one's own one is the customer."""
    if call.note == WROTE_AGAIN and call.run.conversation.is_chat_of(actor):
        return _("You wrote again")
    return sentences.translated(call.note)


def differences(call: ToolCall) -> list[Difference]:
    """Return each argument as it was asked and as it was approved, those that differ first."""
    before = asked(call) or {}
    names = [*call.arguments, *(name for name in before if name not in call.arguments)]
    rows = [
        Difference(
            name=name,
            asked=formats.readable(before.get(name)),
            approved=formats.readable(call.arguments.get(name)),
        )
        for name in names
    ]
    return sorted(rows, key=lambda row: row.is_same)


def question_of(call: ToolCall, actor: Staff) -> Question | None:
    """Return what a call asks ``actor`` for: to decide, or to check; None where nothing."""
    if call.status not in {ToolCall.Status.PENDING, ToolCall.Status.UNKNOWN}:
        return None
    role = str(Agent.Role(call.role).label)
    refusal = ""
    if not roles.may_decide(actor, call.role):
        refusal = _("Only somebody with the role %(role)s decides on this.") % {"role": role}
    if call.status == ToolCall.Status.UNKNOWN:
        return Question(refusal=refusal, role=role)
    tool = tools.find(call.name)
    template = sentences.translated(call.summary)
    schema = tool.parameters if tool else {}
    return Question(
        fields=fields.fields_of(call.arguments, schema),
        refusal=refusal,
        role=role,
        approve=_telling(template, call.arguments),
        summary=template,
        reasons=() if refusal else approvals.reasons(call.name),
        written=orjson.dumps(call.arguments).decode(),
    )


def _telling(template: str, arguments: Mapping[str, Any]) -> str:
    """Return the place whose value Approve names: of the summary the first, else a number."""
    if (place := _VALUE.search(template)) and place[1] in arguments:
        return place[0]
    for kinds in ((int, float), (str,)):
        for name, value in arguments.items():
            is_told = isinstance(value, kinds) and not isinstance(value, bool)
            if is_told and 0 < len(str(value)) <= LONGEST_VALUE:
                return f"{{{name}}}"
    return ""


def _answer(call: ToolCall) -> ToolAnswer | None:
    """Return what came back, if anything did that a person has not seen elsewhere."""
    length = getattr(call, "result_length", 0) or 0
    if not length or call.status in {ToolCall.Status.DENIED, ToolCall.Status.EXPIRED}:
        return None
    text = str(getattr(call, "shown", ""))
    if length > SHOWN:
        rest_at = reverse("chats:tool-result", args=[call.pk])
        return ToolAnswer(text=text, size=length, rest_at=rest_at)
    return answer_of(text)


def answer_of(text: str) -> ToolAnswer:
    """Return a whole result as people read it."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return ToolAnswer(text=text, size=len(text))
    if isinstance(found, dict) and not any(_is_deep(one) for one in found.values()):
        pairs = [(formats.label(name), formats.readable(one)) for name, one in found.items()]
        return ToolAnswer(pairs=pairs, size=len(text))
    pretty = orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()
    return ToolAnswer(text=pretty, size=len(text))


def _is_deep(value: Any) -> bool:
    """Return whether a value does not fit in a line."""
    if isinstance(value, list):
        return any(isinstance(one, dict | list) for one in value)
    return isinstance(value, dict) or (isinstance(value, str) and len(value) > 4 * LONGEST_VALUE)


def _subject(arguments: Mapping[str, Any]) -> str:
    """Return the first short value: what the call is about."""
    for value in arguments.values():
        if isinstance(value, str | int | float) and value != "":
            return f"“{str(value)[:80]}”"
    return ""
