"""The filters over tickets: the same query parameters on the page and on the API."""

from datetime import timedelta

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Actor
from channels_layer.rest import ListFilter, Order, SearchFilter, offering
from handoff.filters import PersonFilter
from tickets import search, selectors
from tickets.models import NEVER_DUE, PRIORITY_WORDS, Priority, Status, TicketQuerySet

UPDATED = "updated"
DUE = "due"

ORDERS = {
    UPDATED: Order(columns=("-changed_at", "-id"), label=_("Last updated")),
    "newest": Order(columns=("-number",), label=_("Newest")),
    "priority": Order(columns=("-priority", "-changed_at", "-id"), label=_("Priority")),
    DUE: Order(columns=("due_order", "id"), label=_("Due date")),
}
"""The orders of a list, each by an index."""
ALL = "all"
DUES = (
    ("late", _("Late")),
    ("today", _("Due today")),
    ("week", _("Due within 7 days")),
    ("none", _("No due date")),
)
PRIORITIES = [(priority.word, priority.label) for priority in reversed(Priority)]


def words(value: str, known: list[str] | tuple[str, ...]) -> set[str]:
    """Parse a list such as ``open,pending``; an unknown word raises ``ValidationError``."""
    found = {word for word in value.split(",") if word}
    if strangers := sorted(found.difference(known)):
        lists = {"strangers": ", ".join(strangers), "known": ", ".join(known)}
        raise ValidationError(gettext("Unknown: %(strangers)s. Known are: %(known)s.") % lists)
    return found


def _are_statuses(value: str) -> None:
    words(value, [*Status.values, ALL])


def _are_priorities(value: str) -> None:
    words(value, PRIORITY_WORDS)


class TicketFilter(ListFilter):
    """Filters over tickets."""

    orders = ORDERS

    status = django_filters.CharFilter(
        label=_("Status"),
        help_text=f"One or several of {', '.join(Status.values)}; or `all`.",
        validators=[_are_statuses],
        widget=offering(Status.choices),
        method="filter_status",
    )
    priority = django_filters.CharFilter(
        label=_("Priority"),
        help_text=f"One or several of {', '.join(PRIORITY_WORDS)}.",
        validators=[_are_priorities],
        widget=offering(PRIORITIES),
        method="filter_priority",
    )
    assignee = PersonFilter(label=_("Assignee"), mine=_("Assigned to you"))
    due = django_filters.ChoiceFilter(label=_("Due"), choices=DUES, method="filter_due")
    tag = django_filters.CharFilter(
        label=_("Tag"), widget=forms.HiddenInput, max_length=40, method="filter_tag"
    )
    requester = django_filters.UUIDFilter(
        label=_("One requester"),
        help_text="A contact's id.",
        widget=forms.HiddenInput,
        field_name="requester_id",
    )
    search = SearchFilter(
        help_text="Number, or words of subject, person, text.", method="filter_search"
    )

    @classmethod
    def rows_for(cls, actor: Actor) -> TicketQuerySet:
        """Return the tickets that ``actor`` may see."""
        return selectors.tickets(actor)

    def filter_status(self, rows: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep one status, or several as in ``open,pending``; ``all`` keeps every one."""
        statuses = words(value, [*Status.values, ALL])
        return rows if ALL in statuses else rows.with_statuses(statuses)

    def filter_priority(self, rows: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep one priority, or several as in ``high,urgent``."""
        wanted = sorted(Priority.of(word) for word in words(value, PRIORITY_WORDS))
        if len(wanted) == 1:
            return rows.filter(priority=wanted[0])
        return rows.filter(priority__in=wanted) if wanted else rows

    def filter_tag(self, rows: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep tickets that bear this tag."""
        return rows.filter(tag_rows__name=value.strip().lower())

    def filter_due(self, rows: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep tickets that are late, due today, due within 7 days, or without a due date."""
        if value == "none":
            # Most have none: an index that finds all of those helps in its own order alone.
            is_by_due = self.order == DUE
            return rows.filter(due_order=NEVER_DUE) if is_by_due else rows.filter(due_at=None)
        if value == "late":
            return rows.undone().filter(due_order__lt=self.at)
        end = self.today + timedelta(days={"today": 1, "week": 7}[value])
        return rows.filter(due_order__gte=self.today, due_order__lt=end)

    def filter_search(self, rows: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep tickets that contain every word, or bear this number."""
        return search.matching(rows, value)
