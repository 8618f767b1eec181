"""The inbox's filters: the same query parameters on the page and on the API (CONTRACT 3)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from channels_layer.access.actors import Actor, Staff
from conversations import search, source_kinds
from conversations.models import Conversation
from conversations.models.conversation import ConversationQuerySet
from handoff.models import Control, Switch

Conversations = ConversationQuerySet

STATUSES = (
    ("active", "Active"),
    ("open", "Open"),
    ("transferred", "Transferred"),
    ("closed", "Closed"),
)
ACTIVITIES = (("low", "Low"), ("medium", "Medium"), ("high", "High"))
PERIODS = (
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("7d", "Last 7 days"),
    ("30d", "Last 30 days"),
)
WINDOWS = (("open", "Open"), ("closing", "Closing"), ("closed", "Closed"))
LONGEST_NUMBER = 9


def _is_source(value: str) -> None:
    if value in source_kinds.names():
        return
    try:
        UUID(value)
    except ValueError:
        kinds = ", ".join(source_kinds.names())
        detail = f"This is neither a source's id nor one of {kinds}."
        raise ValidationError(detail) from None


def _is_owner(value: str) -> None:
    is_number = value.isascii() and value.isdecimal() and len(value) <= LONGEST_NUMBER
    if value not in {"me", "none"} and not is_number:
        raise ValidationError("This is none of: me, none, a person's id.")


def _is_in_utc(value: datetime) -> None:
    try:
        value.astimezone(UTC)
    except OverflowError:
        raise ValidationError("This lies beyond the calendar.") from None


class InboxFilter(django_filters.FilterSet):
    """Filters over conversations; an unknown value is an error of its field."""

    status = django_filters.ChoiceFilter(choices=STATUSES, method="filter_status")
    handoff = django_filters.ChoiceFilter(choices=Control.choices, field_name="control")
    switch = django_filters.ChoiceFilter(choices=Switch.choices)
    activity = django_filters.ChoiceFilter(choices=ACTIVITIES, method="filter_activity")
    source = django_filters.CharFilter(method="filter_source", validators=[_is_source])
    assistant = django_filters.UUIDFilter(field_name="assistant_id")
    period = django_filters.ChoiceFilter(choices=PERIODS, method="filter_period")
    after = django_filters.IsoDateTimeFilter(
        field_name="last_message_at", lookup_expr="gte", validators=[_is_in_utc]
    )
    before = django_filters.IsoDateTimeFilter(
        field_name="last_message_at", lookup_expr="lt", validators=[_is_in_utc]
    )
    owner = django_filters.CharFilter(method="filter_owner", validators=[_is_owner])
    search = django_filters.CharFilter(method="filter_search", max_length=200)

    window = django_filters.ChoiceFilter(choices=WINDOWS, method="filter_window")

    class Meta:
        model = Conversation
        fields: list[str] = []

    def __init__(
        self,
        data: Any,
        queryset: QuerySet[Conversation],
        *,
        actor: Actor,
        at: datetime,
        zone: ZoneInfo,
    ) -> None:
        """Filter for ``actor``; days are those of ``zone`` around ``at``."""
        super().__init__(data, queryset)
        self.actor = actor
        self.at = at
        self.today = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def filter_status(self, rows: Conversations, name: str, value: str) -> Conversations:
        """Keep conversations with one of the inbox's statuses."""
        return rows.with_status(value)

    def filter_activity(self, rows: Conversations, name: str, value: str) -> Conversations:
        """Keep conversations of one activity level."""
        return rows.with_activity(value)

    def filter_source(self, rows: Conversations, name: str, value: str) -> Conversations:
        """Keep conversations of a source by id, or of all sources of one kind."""
        if value in source_kinds.names():
            return rows.filter(source__kind=value)
        return rows.filter(source_id=UUID(value))

    def filter_period(self, rows: Conversations, name: str, value: str) -> Conversations:
        """Keep conversations active on these days of the reader's time zone."""
        day = timedelta(days=1)
        if value == "yesterday":
            return rows.filter(
                last_message_at__gte=self.today - day, last_message_at__lt=self.today
            )
        days = {"today": 0, "7d": 6, "30d": 29}[value]
        return rows.filter(last_message_at__gte=self.today - days * day)

    def filter_owner(self, rows: Conversations, name: str, value: str) -> Conversations:
        """Keep conversations that the actor, nobody or one person owns."""
        if value == "none":
            return rows.filter(owner__isnull=True)
        if value == "me":
            user = self.actor.user if isinstance(self.actor, Staff) else None
            return rows.filter(owner=user) if user else rows.none()
        return rows.filter(owner_id=int(value))

    def filter_search(self, rows: Conversations, name: str, value: str) -> Conversations:
        """Keep conversations whose details or messages contain the words."""
        return search.matching(rows, value)

    def filter_window(self, rows: Conversations, name: str, value: str) -> Conversations:
        """Keep conversations by the time that is left to write freely."""
        return rows.with_window(value, at=self.at)
