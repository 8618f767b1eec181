"""Due dates as the pages show them."""

from datetime import datetime, timedelta

from django import template
from django.utils.translation import gettext as _

from channels_layer import formats

register = template.Library()

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@register.filter
def due_words(due_at: datetime, at: datetime) -> str:
    """Return when something is due: ``2 h late``, Today, Tomorrow, else the day."""
    if due_at < at:
        return _late(at - due_at)
    day, today = formats.local(due_at).date(), formats.local(at).date()
    if day == today:
        return _("Today")
    if day == today + DAY:
        return _("Tomorrow")
    return formats.day(day) if day.year == today.year else formats.full_day(day)


@register.filter
def due_day(due_at: datetime) -> str:
    """Return the day on which something was due, without its year."""
    return formats.day(due_at)


@register.filter
def is_late(due_at: datetime | None, at: datetime) -> bool:
    """Return whether the time has passed."""
    return due_at is not None and due_at < at


@register.filter
def for_input(due_at: datetime | None) -> str:
    """Return a time in the reader's zone as a field for day and time takes it."""
    if due_at is None:
        return ""
    return formats.local(due_at).replace(tzinfo=None).isoformat(timespec="minutes")


def _late(late: timedelta) -> str:
    if late >= DAY:
        return _("%(count)d d late") % {"count": late // DAY}
    if late >= HOUR:
        return _("%(count)d h late") % {"count": late // HOUR}
    return _("Late")
