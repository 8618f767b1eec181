"""The head of the inbox's list: tabs, fields, days and chips."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Staff
from channels_layer.rest import COUNTED_AT_MOST, Chip, Field, Label, ListQuery, Tab, capped, zone_of
from conversations.filters import STATUSES, InboxFilter
from conversations.models import Conversation
from conversations.views.dates import Dates, dates_of

SELECTED = "selected"
CUSTOM = "custom"
DAYS = {"after": "", "before": ""}
TABS: tuple[tuple[str, Label], ...] = (("", _("All")), *STATUSES, (SELECTED, _("Selected")))
COUNTED_TABS = frozenset({"open", "transferred"})


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Everything that the head of the list shows."""

    tabs: Sequence[Tab]
    fields: Sequence[Field]
    chips: Sequence[Chip]
    dates: Dates | None
    search: str
    status: str


class InboxQuery(ListQuery):
    """The inbox's query; the status ``selected`` means the open conversation alone."""

    def __init__(self, data: QueryDict, *, actor: Staff, at: datetime) -> None:
        """Parse ``data`` for ``actor``."""
        self.is_selected = data.get("status") == SELECTED
        super().__init__(InboxFilter, data, actor=actor, at=at)

    def value(self, name: str) -> str:
        """Return the value of a filter as the address has it, or an empty text."""
        return SELECTED if self.is_selected and name == "status" else super().value(name)


def filters_of(query: InboxQuery) -> Filters:
    """Return the query as the head of the list shows it."""
    after, before = (query.cleaned(name) for name in DAYS)
    dates = dates_of(after=after, before=before, at=query.at, zone=zone_of(query.actor))
    chips = [chip for chip in query.chips if chip.name not in DAYS]
    if dates:
        chips.append(Chip(name="dates", label=dates.word, query=query.encoded(**DAYS)))
    return Filters(
        tabs=tabs_of(query),
        fields=[_with_custom_dates(field, is_set=dates is not None) for field in query.fields],
        chips=chips,
        dates=dates,
        search=query.value("search"),
        status=query.value("status"),
    )


def tabs_of(query: InboxQuery) -> list[Tab]:
    """Return the statuses as links, two of them with their counts."""
    return [
        Tab(
            label=label,
            query=query.encoded(status=value),
            is_current=query.value("status") == value,
            count=_count(query, value) if value in COUNTED_TABS else "",
        )
        for value, label in TABS
    ]


def _count(query: InboxQuery, status: str) -> str:
    """Count up to 99, which costs the same in any inbox."""
    found = Conversation.objects.visible_to(query.actor).with_status(status)
    return capped(found[: COUNTED_AT_MOST + 1].count())


def _with_custom_dates(field: Field, *, is_set: bool) -> Field:
    """Return the field of periods with days of one's own choice; others as they are."""
    if field.name != "period":
        return field
    return replace(
        field,
        choices=[*field.choices, (CUSTOM, _("Custom dates"))],
        value=field.value or (CUSTOM if is_set else ""),
    )
