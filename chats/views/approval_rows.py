"""Rows of the calls that concern people, and the head of their list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_layer import sentences
from channels_layer.access.actors import Staff
from channels_layer.rest import COUNTED_AT_MOST, Chip, Field, Label, ListQuery, Tab, capped
from chats import roles, verdicts
from chats.filters import MINE, ApprovalFilter
from chats.models import ToolCall
from chats.objects.tool_call import summary
from chats.selectors import approvals
from conversations.views.rows import name_of

PAGE = 40
APART = 10**13
"""Between the parts of the list, in milliseconds: more than any time since 1970."""
HEADINGS: dict[str, tuple[Label, Label]] = {
    approvals.WAITING: (gettext_lazy("Waiting"), gettext_lazy("least time left first")),
    approvals.CHECK: (
        gettext_lazy("To check"),
        gettext_lazy("nobody knows yet whether it happened"),
    ),
    approvals.DECIDED: (gettext_lazy("Decided"), gettext_lazy("newest first")),
}


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What stands over a part of the list; ``sort`` puts it before the rows of that part."""

    name: str
    word: Label
    detail: Label
    sort: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """One entry of the list; ``sort`` says where it stands in it."""

    id: str
    what: str
    name: str
    key: str
    is_own: bool
    conversation: str
    source: str
    assistant: str
    assistant_id: str
    part: str
    at: datetime
    expires_at: datetime | None
    verdict: str
    verdict_word: str
    verdict_icon: str
    may_decide: bool
    seq: int
    sort: int


class ApprovalQuery(ListQuery):
    """The query of the list of calls that concern people."""

    actor: Staff

    def __init__(self, data: QueryDict, *, actor: Staff, at: datetime) -> None:
        """Parse ``data`` for ``actor``."""
        super().__init__(ApprovalFilter, data, actor=actor, at=at)
        self.cursor = data.get("cursor") or ""

    @property
    def parts(self) -> list[str]:
        """The parts of the list that are shown."""
        shown = self.value("show")
        return [shown] if shown in approvals.ORDERS else list(approvals.ORDERS)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Everything that the head of the list shows."""

    tabs: Sequence[Tab]
    fields: Sequence[Field]
    chips: Sequence[Chip]
    show: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is set that can be cleared."""
        return bool(self.chips)


def filters_of(query: ApprovalQuery) -> Filters:
    """Return the query as the head of the list shows it."""
    return Filters(
        tabs=tabs_of(query), fields=query.fields, chips=query.chips, show=query.value("show")
    )


def tabs_of(query: ApprovalQuery) -> list[Tab]:
    """Return the tabs of the list; what waits and what is to be checked is counted."""
    counts = approvals.counts(query.actor, at_most=COUNTED_AT_MOST + 1)
    return [
        _tab(query, _("All"), ""),
        _tab(query, _("Waiting"), approvals.WAITING, count=counts.waiting),
        _tab(query, _("To check"), approvals.CHECK, count=counts.check),
        _tab(query, _("Decided"), approvals.DECIDED),
        _tab(query, _("Mine"), MINE),
    ]


def headings(parts: Sequence[str]) -> list[Heading]:
    """Return what stands over the ``parts`` of the list."""
    return [
        Heading(name=part, word=HEADINGS[part][0], detail=HEADINGS[part][1], sort=_start(part))
        for part in parts
    ]


def rows_of(calls: Iterable[ToolCall], actor: Staff) -> list[Row]:
    """Shape calls, loaded with run, assistant and conversation, for the list."""
    return [_row(call, actor) for call in calls]


def entries(query: ApprovalQuery, rows: Sequence[Row]) -> list[tuple[Heading | None, Row | None]]:
    """Return headings and ``rows`` in the order of the list; on later pages new headings alone."""
    shown: dict[str, Any] = {heading.name: heading for heading in headings(query.parts)}
    if query.cursor:
        begun = query.cursor.partition(".")[0] if not query.cursor.endswith(".") else ""
        shown = {name: one for name, one in shown.items() if name != begun}
        shown = {row.part: shown[row.part] for row in rows if row.part in shown}
    found: list[tuple[Heading | None, Row | None]] = [(one, None) for one in shown.values()]
    found += [(None, row) for row in rows]
    return sorted(found, key=lambda entry: (entry[0] or entry[1]).sort)  # type: ignore[union-attr]


def _tab(query: ApprovalQuery, label: Label, show: str, *, count: int = 0) -> Tab:
    return Tab(
        label=label,
        query=query.encoded(show=show),
        is_current=query.value("show") == show,
        count=capped(count),
    )


def _row(call: ToolCall, actor: Staff) -> Row:
    conversation, assistant = call.run.conversation, call.run.assistant
    verdict = verdicts.of(call)
    part = approvals.part_of(call)
    changed = call.changed_at
    return Row(
        id=str(call.pk),
        what=summary(call) or sentences.translated(call.title) or call.name,
        name=name_of(conversation),
        key=str(conversation.contact_id or conversation.author_id or ""),
        is_own=conversation.is_chat_of(actor),
        conversation=str(conversation.pk),
        source=conversation.source.kind,
        assistant=assistant.name,
        assistant_id=str(assistant.pk),
        part=part,
        at=call.created_at if part == approvals.WAITING else changed,
        expires_at=call.expires_at,
        verdict=verdict,
        verdict_word=verdicts.word(verdict),
        verdict_icon=verdicts.ICONS.get(verdict, ""),
        may_decide=roles.may_decide(actor, call.role),
        seq=conversation.seq,
        sort=_sort(call, part),
    )


def _start(part: str) -> int:
    return list(approvals.ORDERS).index(part) * APART


def _sort(call: ToolCall, part: str) -> int:
    """Return a number that rises down the list."""
    if part == approvals.WAITING:
        ends = call.expires_at or call.created_at
        return _milliseconds(ends)
    changed = _milliseconds(call.changed_at)
    return _start(part) + (changed if part == approvals.CHECK else APART - changed)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
