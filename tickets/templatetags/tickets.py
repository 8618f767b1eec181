"""Due dates as the pages show them."""

from datetime import datetime, timedelta

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from tickets import dates

register = template.Library()

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@register.filter
def due_words(due_at: datetime, at: datetime) -> str:
    """Return when something is due: ``2 h late``, Today, Tomorrow, else the day."""
    if due_at < at:
        return _late(at - due_at)
    day, today = dates.local(due_at).date(), dates.local(at).date()
    if day == today:
        return _("Today")
    if day == today + DAY:
        return _("Tomorrow")
    return str(formats.date_format(day, "j M" if day.year == today.year else "j M Y"))


@register.filter
def due_day(due_at: datetime) -> str:
    """Return the day on which something was due, without its year."""
    return str(formats.date_format(dates.local(due_at), "j M"))


@register.filter
def is_late(due_at: datetime | None, at: datetime) -> bool:
    """Return whether the time has passed."""
    return due_at is not None and due_at < at


@register.filter
def for_input(due_at: datetime | None) -> str:
    """Return a time in the reader's zone as a field for day and time takes it."""
    if due_at is None:
        return ""
    return dates.local(due_at).replace(tzinfo=None).isoformat(timespec="minutes")


def _late(late: timedelta) -> str:
    if late >= DAY:
        return _("%(count)d d late") % {"count": late // DAY}
    if late >= HOUR:
        return _("%(count)d h late") % {"count": late // HOUR}
    return _("Late")
