"""The filters over tickets: the same query parameters on the page and on the API."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django.core.exceptions import ValidationError

from channels_layer.access.actors import Actor, Staff
from tickets import search
from tickets.models import Ticket
from tickets.models.ticket import NEVER_DUE, PRIORITY_WORDS, Priority, Status, TicketQuerySet
from tickets.orders import DUE

ALL = "all"
DUES = (
    ("late", "Late"),
    ("today", "Today"),
    ("week", "Within 7 days"),
    ("none", "No due date"),
)
LONGEST_NUMBER = 9


def words(value: str, known: list[str] | tuple[str, ...]) -> set[str]:
    """Parse a list such as ``open,pending``; an unknown word raises ``ValidationError``."""
    found = {word for word in value.split(",") if word}
    if strangers := sorted(found.difference(known)):
        detail = f"Unknown: {', '.join(strangers)}. Known are: {', '.join(known)}."
        raise ValidationError(detail)
    return found


def _are_statuses(value: str) -> None:
    words(value, [*Status.values, ALL])


def _are_priorities(value: str) -> None:
    words(value, PRIORITY_WORDS)


def _is_assignee(value: str) -> None:
    is_number = value.isascii() and value.isdecimal() and len(value) <= LONGEST_NUMBER
    if value not in {"me", "none"} and not is_number:
        raise ValidationError("This is none of: me, none, a person's id.")


class TicketFilter(django_filters.FilterSet):
    """Filters over tickets; an unknown value is an error of its field."""

    status = django_filters.CharFilter(method="filter_status", validators=[_are_statuses])
    priority = django_filters.CharFilter(method="filter_priority", validators=[_are_priorities])
    assignee = django_filters.CharFilter(method="filter_assignee", validators=[_is_assignee])
    requester = django_filters.UUIDFilter(field_name="requester_id")
    tag = django_filters.CharFilter(method="filter_tag", max_length=40)
    due = django_filters.ChoiceFilter(choices=DUES, method="filter_due")
    search = django_filters.CharFilter(method="filter_search", max_length=200)

    class Meta:
        model = Ticket
        fields: list[str] = []

    def __init__(
        self, data: Any, queryset: TicketQuerySet, *, actor: Actor, at: datetime, zone: ZoneInfo
    ) -> None:
        """Filter for ``actor``; days are those of ``zone`` around ``at``."""
        super().__init__(data, queryset)
        self.actor = actor
        self.at = at
        today = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        self.tomorrow = today + timedelta(days=1)

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

    def filter_assignee(self, rows: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep mine, nobody's, or one person's."""
        if value == "none":
            return rows.filter(assignee__isnull=True)
        if value == "me":
            user = self.actor.user if isinstance(self.actor, Staff) else None
            return rows.filter(assignee=user) if user else rows.none()
        return rows.filter(assignee_id=int(value))

    def filter_tag(self, rows: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep tickets that bear this tag."""
        return rows.filter(tag_rows__name=value.strip().lower())

    def filter_due(self, rows: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep tickets that are late, due today, due within 7 days, or without a due date."""
        if value == "none":
            # Most have none: an index that finds all of those helps in its own order alone.
            is_by_due = self.data.get("order") == DUE
            return rows.filter(due_order=NEVER_DUE) if is_by_due else rows.filter(due_at=None)
        if value == "late":
            return rows.undone().filter(due_order__lt=self.at)
        days = {"today": 0, "week": 6}[value]
        end = self.tomorrow + timedelta(days=days)
        return rows.filter(due_order__gte=self.tomorrow - timedelta(days=1), due_order__lt=end)

    def filter_search(self, rows: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep tickets that contain every word, or bear this number."""
        return search.matching(rows, value)
