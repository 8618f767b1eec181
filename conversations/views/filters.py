"""The filters over the list: tabs, fields and chips, all read from the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Staff
from conversations import source_kinds
from conversations.filters import InboxFilter
from conversations.models import Assistant, Conversation
from conversations.models.conversation import ConversationQuerySet
from conversations.selectors import conversations as selectors
from conversations.views.dates import Dates, dates_of
from handoff.selectors import agents

Word = str | Promise
COUNTED = 99
SELECTED = "selected"
TABS: tuple[tuple[str, Word], ...] = (
    ("", _("All")),
    ("active", _("Active")),
    ("open", _("Open")),
    ("transferred", _("Transferred")),
    ("closed", _("Closed")),
    (SELECTED, _("Selected")),
)
HANDOFFS: tuple[tuple[str, Word], ...] = (
    ("ai", _("AI-Handling")),
    ("requested", _("Escalated")),
    ("agent", _("Agent Active")),
)
SWITCHES: tuple[tuple[str, Word], ...] = (
    ("active", _("Assistant active")),
    ("paused", _("Assistant paused")),
    ("blocked", _("User blocked")),
)
ACTIVITIES: tuple[tuple[str, Word], ...] = (
    ("low", _("Low activity")),
    ("medium", _("Medium activity")),
    ("high", _("High activity")),
)
PERIODS: tuple[tuple[str, Word], ...] = (
    ("today", _("Today")),
    ("yesterday", _("Yesterday")),
    ("7d", _("Last 7 days")),
    ("30d", _("Last 30 days")),
)
CUSTOM = "custom"
WINDOWS: tuple[tuple[str, Word], ...] = (
    ("open", _("Window open")),
    ("closing", _("Window closes in 2 h")),
    ("closed", _("Window closed")),
)
COUNTED_TABS = frozenset({"open", "transferred"})


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One status, as a link."""

    value: str
    word: Word
    query: str
    is_current: bool
    count: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One filter with its values."""

    name: str
    label: Word
    value: str
    choices: Sequence[tuple[str, Word]]


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A set filter, and the address without it."""

    word: Word
    query: str


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Everything that the head of the list shows."""

    tabs: Sequence[Tab]
    fields: Sequence[Field]
    chips: Sequence[Chip]
    dates: Dates | None
    search: str
    status: str
    query: str
    clear_query: str


class ListQuery:
    """The list's query as the address has it; unknown values are skipped."""

    def __init__(self, data: QueryDict, *, actor: Staff, at: datetime, zone: ZoneInfo) -> None:
        """Parse ``data`` for ``actor``."""
        self.actor = actor
        self.status = data.get("status", "")
        self.is_selected = self.status == SELECTED
        known = data.copy()
        if self.is_selected:
            known.pop("status")
        self._at = at
        self._zone = zone
        self._data = self._without_unknown(known)

    def queryset(self) -> ConversationQuerySet:
        """Return the conversations that match, newest activity first."""
        found: ConversationQuerySet = self._filter(self._data).qs
        return found

    def value(self, name: str) -> str:
        """Return the address's value of ``name``, or an empty text."""
        return self._data.get(name, "") or ""

    @property
    def dates(self) -> Dates | None:
        """The days that the address names, or None."""
        known = self._filter(self._data).form
        known.is_valid()
        after, before = (known.cleaned_data.get(name) for name in ("after", "before"))
        return dates_of(after=after, before=before, at=self._at, zone=self._zone)

    def encoded(self, **changes: str) -> str:
        """Return the query of the address with ``changes``; an empty value removes one."""
        data = self._data.copy()
        data["status"] = self.status
        for name, value in changes.items():
            data[name] = value
        kept = QueryDict(mutable=True)
        for name in InboxFilter.base_filters:
            if given := data.get(name):
                kept[name] = str(given)
        return f"?{kept.urlencode()}" if kept else ""

    def _without_unknown(self, data: QueryDict) -> QueryDict:
        for name in self._filter(data).errors:
            data.pop(name, None)
        return data

    def _filter(self, data: QueryDict) -> InboxFilter:
        return InboxFilter(
            data, selectors.inbox(self.actor), actor=self.actor, at=self._at, zone=self._zone
        )


def filters_of(query: ListQuery) -> Filters:
    """Return the query as the head of the list shows it."""
    dates = query.dates
    fields = _fields(query, is_custom=dates is not None)
    none = dict.fromkeys([*(field.name for field in fields), "after", "before"], "")
    return Filters(
        tabs=[_tab(query, value, word) for value, word in TABS],
        fields=fields,
        chips=_chips(query, fields, dates),
        dates=dates,
        search=query.value("search"),
        status=query.status,
        query=query.encoded(),
        clear_query=query.encoded(**none, search="", status=""),
    )


def _fields(query: ListQuery, *, is_custom: bool) -> list[Field]:
    people = [(str(agent.user_id), agent.name) for agent in agents()]
    assistants = [(str(row.pk), row.name) for row in Assistant.objects.order_by("name", "id")]
    owners: list[tuple[str, Word]] = [("me", _("Mine")), ("none", _("Unassigned")), *people]
    given: tuple[tuple[str, Word, Sequence[tuple[str, Word]]], ...] = (
        ("handoff", _("Handoff"), HANDOFFS),
        ("switch", _("Assistant switch"), SWITCHES),
        ("owner", _("Owner"), owners),
        ("activity", _("Activity"), ACTIVITIES),
        ("source", _("Source"), source_kinds.choices()),
        ("assistant", _("Assistant"), assistants),
        ("period", _("Date"), [*PERIODS, (CUSTOM, _("Custom dates"))]),
        ("window", _("Reply window"), WINDOWS),
    )
    values = {name: query.value(name) for name, _label, _choices in given}
    if is_custom:
        values["period"] = values["period"] or CUSTOM
    return [
        Field(name=name, label=label, value=values[name], choices=choices)
        for name, label, choices in given
    ]


def _tab(query: ListQuery, value: str, word: Word) -> Tab:
    return Tab(
        value=value,
        word=word,
        query=query.encoded(status=value),
        is_current=query.status == value,
        count=_count(query, value) if value in COUNTED_TABS else "",
    )


def _count(query: ListQuery, status: str) -> str:
    """Count up to 99, which costs the same in any inbox."""
    found = Conversation.objects.visible_to(query.actor).with_status(status)
    number = found[: COUNTED + 1].count()
    return f"{COUNTED}+" if number > COUNTED else str(number or "")


def _chips(query: ListQuery, fields: Sequence[Field], dates: Dates | None) -> list[Chip]:
    chips = [_chip(query, field) for field in fields if field.value not in {"", CUSTOM}]
    if dates:
        chips.append(Chip(word=dates.word, query=query.encoded(after="", before="")))
    return chips


def _chip(query: ListQuery, field: Field) -> Chip:
    word = dict(field.choices).get(field.value, field.value)
    return Chip(word=word, query=query.encoded(**{field.name: ""}))
