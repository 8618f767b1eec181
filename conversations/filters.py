"""The filters over conversations, on the page as on the API (CONTRACT 3), and over contacts."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Actor
from channels_layer.rest import Label, ListFilter, Order, SearchFilter, offering
from conversations import search, source_kinds
from conversations.models import Assistant, ContactQuerySet, ConversationQuerySet
from conversations.selectors import contacts
from conversations.selectors import conversations as selectors
from handoff.filters import PersonFilter
from handoff.models import Control, Switch

Conversations = ConversationQuerySet

NEWEST_ACTIVITY = ("-last_message_at", "-id")
STATUSES = (
    ("active", _("Active")),
    ("open", _("Open")),
    ("transferred", _("Transferred")),
    ("closed", _("Closed")),
)
HANDOFFS = (
    (Control.AI.value, _("AI-Handling")),
    (Control.REQUESTED.value, _("Escalated")),
    (Control.AGENT.value, _("Agent Active")),
)
SWITCHES = (
    (Switch.ACTIVE.value, _("Assistant active")),
    (Switch.PAUSED.value, _("Assistant paused")),
    (Switch.BLOCKED.value, _("User blocked")),
)
ACTIVITIES = (
    ("low", _("Low activity")),
    ("medium", _("Medium activity")),
    ("high", _("High activity")),
)
PERIODS = (
    ("today", _("Today")),
    ("yesterday", _("Yesterday")),
    ("7d", _("Last 7 days")),
    ("30d", _("Last 30 days")),
)
WINDOWS = (
    ("open", _("Window open")),
    ("closing", _("Window closes in 2 h")),
    ("closed", _("Window closed")),
)


def _assistants() -> list[tuple[str, Label]]:
    return [(str(row.pk), row.name) for row in Assistant.objects.order_by("name", "id")]


def _is_source(value: str) -> None:
    if value in source_kinds.names():
        return
    try:
        UUID(value)
    except ValueError:
        kinds = ", ".join(source_kinds.names())
        detail = gettext("This is neither a source's id nor one of %(kinds)s.") % {"kinds": kinds}
        raise ValidationError(detail) from None


def _is_in_utc(value: datetime) -> None:
    try:
        value.astimezone(UTC)
    except OverflowError:
        raise ValidationError(_("This lies beyond the calendar.")) from None


class InboxFilter(ListFilter):
    """Filters over conversations."""

    orders = {"activity": Order(columns=NEWEST_ACTIVITY)}

    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=STATUSES, widget=forms.RadioSelect, method="filter_status"
    )
    handoff = django_filters.ChoiceFilter(
        label=_("Handoff"), choices=HANDOFFS, field_name="control"
    )
    switch = django_filters.ChoiceFilter(label=_("Assistant switch"), choices=SWITCHES)
    owner = PersonFilter(label=_("Owner"), mine=_("Mine"))
    activity = django_filters.ChoiceFilter(
        label=_("Activity"), choices=ACTIVITIES, method="filter_activity"
    )
    source = django_filters.CharFilter(
        label=_("Source"),
        help_text="A source's id or kind.",
        validators=[_is_source],
        widget=offering(source_kinds.choices),
        method="filter_source",
    )
    assistant = django_filters.UUIDFilter(
        label=_("Assistant"), widget=offering(_assistants), field_name="assistant_id"
    )
    period = django_filters.ChoiceFilter(label=_("Date"), choices=PERIODS, method="filter_period")
    after = django_filters.IsoDateTimeFilter(
        label=_("From"),
        help_text="Active at or after this time (ISO 8601).",
        validators=[_is_in_utc],
        widget=forms.HiddenInput,
        field_name="last_message_at",
        lookup_expr="gte",
    )
    before = django_filters.IsoDateTimeFilter(
        label=_("To"),
        help_text="Active before this time (ISO 8601).",
        validators=[_is_in_utc],
        widget=forms.HiddenInput,
        field_name="last_message_at",
        lookup_expr="lt",
    )
    window = django_filters.ChoiceFilter(
        label=_("Reply window"), choices=WINDOWS, method="filter_window"
    )
    search = SearchFilter(
        help_text="Words of who it is, or of what was said.", method="filter_search"
    )

    @classmethod
    def rows_for(cls, actor: Actor) -> Conversations:
        """Return the conversations that ``actor`` may see."""
        return selectors.inbox(actor)

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

    def filter_search(self, rows: Conversations, name: str, value: str) -> Conversations:
        """Keep conversations whose details or messages contain the words."""
        return search.matching(rows, value)

    def filter_window(self, rows: Conversations, name: str, value: str) -> Conversations:
        """Keep conversations by the time that is left to write freely."""
        return rows.with_window(value, at=self.at)


class ContactFilter(ListFilter):
    """Filters over contacts."""

    orders = {"newest": Order(columns=("-created_at", "-id"))}

    search = SearchFilter(help_text="Part of a name, email, phone or id.", method="filter_search")

    @classmethod
    def rows_for(cls, actor: Actor) -> ContactQuerySet:
        """Return the contacts that ``actor`` may see."""
        return contacts.contacts(actor)

    def filter_search(self, rows: ContactQuerySet, name: str, value: str) -> ContactQuerySet:
        """Keep contacts whose details contain the text."""
        return rows.matching(value)
