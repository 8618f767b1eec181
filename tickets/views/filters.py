"""The head of the list of tickets: tabs, fields, chips and orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Staff
from channels_layer.rest import COUNTED_AT_MOST, Chip, Field, Label, ListQuery, Tab, capped
from handoff.filters import ME, NOBODY
from tickets import selectors
from tickets.filters import ALL, ORDERS, TicketFilter
from tickets.models import UNDONE, Ticket

UNSOLVED = ",".join(UNDONE)
ASSIGNEE = "assignee"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Everything that the head of the list shows."""

    tabs: Sequence[Tab]
    fields: Sequence[Field]
    chips: Sequence[Chip]
    orders: Sequence[tuple[str, Label]]
    order: str
    search: str
    people: Sequence[tuple[str, Label]]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is set that can be cleared; the tabs set the assignee."""
        is_chosen = any(field.chosen for field in self.fields if field.name != ASSIGNEE)
        return bool(self.search or self.chips or is_chosen)


class TicketQuery(ListQuery):
    """The query of the list of tickets."""

    actor: Staff

    def __init__(self, data: QueryDict, *, actor: Staff, at: datetime, order: str) -> None:
        """Parse ``data`` for ``actor``; ``order`` is the one that the person used last."""
        super().__init__(TicketFilter, data, actor=actor, at=at, order=order)

    def shown(self) -> QuerySet[Ticket]:
        """Return the matching tickets: the unsolved ones unless a status or search is given."""
        is_open = self.value("status") or self.value("search")
        return self.queryset() if is_open else self.queryset(status=UNSOLVED)


def filters_of(query: TicketQuery) -> Filters:
    """Return the query as the head of the list shows it."""
    offered = {field.name for field in query.fields}
    assignees = next(field.choices for field in query.fields if field.name == ASSIGNEE)
    return Filters(
        tabs=tabs_of(query),
        fields=query.fields,
        chips=[chip for chip in query.chips if chip.name not in offered],
        orders=[(name, order.label) for name, order in ORDERS.items()],
        order=query.order,
        search=query.value("search"),
        people=[choice for choice in assignees if choice[0] not in {ME, NOBODY}],
    )


def tabs_of(query: TicketQuery) -> list[Tab]:
    """Return the tabs of the list with their counts.

    A search covers all tickets unless a tab or a status is chosen.
    """
    unsolved, own, unassigned = selectors.counts(query.actor, at_most=COUNTED_AT_MOST + 1)
    return [
        _tab(query, _("Open and pending"), UNSOLVED, count=unsolved),
        _tab(query, _("Mine"), UNSOLVED, ME, count=own),
        _tab(query, _("Unassigned"), UNSOLVED, NOBODY, count=unassigned),
        _tab(query, _("All"), ALL),
    ]


def _tab(
    query: TicketQuery, label: Label, status: str, assignee: str = "", *, count: int = 0
) -> Tab:
    usual = ALL if query.value("search") else UNSOLVED
    is_implied = status == usual == UNSOLVED
    shown = query.value("status") or usual, query.value(ASSIGNEE)
    return Tab(
        label=label,
        query=query.encoded(status="" if is_implied else status, assignee=assignee),
        is_current=shown == (status, assignee),
        count=capped(count),
    )
