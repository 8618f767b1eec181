"""The filters over the list: tabs, chips, search and order, all kept in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Staff
from handoff import selectors as people
from tickets import selectors
from tickets.filters import ALL, TicketFilter
from tickets.models.ticket import UNDONE, TicketQuerySet
from tickets.orders import ORDERS, UPDATED
from tickets.views.rows import PRIORITY_NAMES, STATUS_WORDS

Word = str | Promise
UNSOLVED = ",".join(UNDONE)
COUNTED = 99
DUE_WORDS: tuple[tuple[str, Word], ...] = (
    ("late", _("Late")),
    ("today", _("Due today")),
    ("week", _("Due within 7 days")),
    ("none", _("No due date")),
)


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab of the list, as a link."""

    word: Word
    query: str
    is_current: bool
    count: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One filter with its values; ``is_extra`` leaves it out where there is little room."""

    name: str
    label: Word
    value: str
    choices: Sequence[tuple[str, Word]]
    is_extra: bool = False


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Everything that the head of the list shows."""

    tabs: Sequence[Tab]
    fields: Sequence[Field]
    orders: Sequence[tuple[str, Word]]
    order: str
    tag: str
    requester: str
    search: str
    query: str
    people: Sequence[tuple[str, Word]]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is set that can be cleared."""
        return bool(
            self.search
            or self.tag
            or self.requester
            or any(field.value for field in self.fields if field.name != "assignee")
        )


class ListQuery:
    """The filters and order in the address; unknown values are left out."""

    def __init__(
        self, data: QueryDict, *, actor: Staff, at: datetime, zone: ZoneInfo, order: str
    ) -> None:
        """Read ``data`` for ``actor``; ``order`` is the one that the person used last."""
        self.actor = actor
        self._rules: dict[str, Any] = {"actor": actor, "at": at, "zone": zone}
        self._data = data.copy()
        for name in self._filter(self._data).errors:
            self._data.pop(name, None)
        wanted = data.get("order") or order
        self.order = wanted if wanted in ORDERS else UPDATED

    def queryset(self) -> TicketQuerySet:
        """Return the matching tickets: the unsolved ones unless a status or search is given."""
        data = self._data.copy()
        data["order"] = self.order
        if not data.get("status") and not data.get("search"):
            data["status"] = UNSOLVED
        found: TicketQuerySet = self._filter(data).qs
        return found

    def value(self, name: str) -> str:
        """Return the address's value for ``name``, or an empty text."""
        return self._data.get(name, "") or ""

    def encoded(self, **changes: str) -> str:
        """Return the query of the address with ``changes``; an empty value removes one."""
        kept = QueryDict(mutable=True)
        for name in TicketFilter.base_filters:
            if value := changes.get(name, self.value(name)):
                kept[name] = value
        return f"?{kept.urlencode(safe=',')}" if kept else "?"

    def _filter(self, data: QueryDict) -> TicketFilter:
        return TicketFilter(data, selectors.tickets(self.actor), **self._rules)


def filters_of(query: ListQuery) -> Filters:
    """Build the head of the list from the query."""
    names: list[tuple[str, Word]] = [(str(agent.user_id), agent.name) for agent in people.agents()]
    return Filters(
        tabs=tabs_of(query),
        fields=_fields(query, names),
        orders=[(name, order.word) for name, order in ORDERS.items()],
        order=query.order,
        tag=query.value("tag"),
        requester=query.value("requester"),
        search=query.value("search"),
        query=query.encoded(),
        people=names,
    )


def tabs_of(query: ListQuery) -> list[Tab]:
    """Return the tabs of the list with their counts.

    A search covers all tickets unless a tab or a status is chosen.
    """
    counts = selectors.counts(query.actor, at_most=COUNTED + 1)
    usual = ALL if query.value("search") else UNSOLVED
    status, assignee = query.value("status") or usual, query.value("assignee")
    is_plain = status == UNSOLVED
    unsolved = "" if usual == UNSOLVED else UNSOLVED
    given: tuple[tuple[Word, dict[str, str], bool, int], ...] = (
        (
            _("Open and pending"),
            {"status": unsolved, "assignee": ""},
            is_plain and not assignee,
            counts[0],
        ),
        (
            _("Mine"),
            {"status": unsolved, "assignee": "me"},
            is_plain and assignee == "me",
            counts[1],
        ),
        (
            _("Unassigned"),
            {"status": unsolved, "assignee": "none"},
            is_plain and assignee == "none",
            counts[2],
        ),
        (_("All"), {"status": ALL, "assignee": ""}, status == ALL and not assignee, 0),
    )
    return [
        Tab(word=word, query=query.encoded(**changes), is_current=current, count=_capped(number))
        for word, changes, current, number in given
    ]


def _fields(query: ListQuery, names: Sequence[tuple[str, Word]]) -> list[Field]:
    assignees: list[tuple[str, Word]] = [
        ("me", _("Assigned to you")),
        ("none", _("Unassigned")),
        *names,
    ]
    priorities = [(priority.word, word) for priority, word in PRIORITY_NAMES.items()]
    given: tuple[tuple[str, Word, Sequence[tuple[str, Word]], bool], ...] = (
        ("status", _("Status"), list(STATUS_WORDS.items()), False),
        ("priority", _("Priority"), priorities[::-1], False),
        ("assignee", _("Assignee"), assignees, True),
        ("due", _("Due"), DUE_WORDS, True),
    )
    return [
        Field(
            name=name,
            label=label,
            value=_known(query.value(name), choices),
            choices=choices,
            is_extra=is_extra,
        )
        for name, label, choices, is_extra in given
    ]


def _known(value: str, choices: Sequence[tuple[str, Word]]) -> str:
    return value if value in dict(choices) else ""


def _capped(number: int) -> str:
    return f"{COUNTED}+" if number > COUNTED else str(number or "")
