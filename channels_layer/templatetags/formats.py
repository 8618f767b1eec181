"""Numbers, dates, times, sizes and durations in templates; see ``channels_layer/formats.py``."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_layer import formats

register = template.Library()

WINDOW_SHORT = timedelta(hours=2)
COUNTED_DOWN = timedelta(minutes=10)

for _format in (
    formats.began,
    formats.day,
    formats.day_heading,
    formats.decimal,
    formats.duration,
    formats.full_day,
    formats.full_moment,
    formats.label,
    formats.moment,
    formats.money,
    formats.number,
    formats.readable,
    formats.seconds,
    formats.size,
    formats.time_of_day,
):
    register.filter(_format.__name__, _format)


@register.filter
def age(at: datetime) -> str:
    """Return how long ago ``at`` was: now, 6 min, 3 h, then the day."""
    passed = _now() - at
    if passed < formats.MINUTE:
        return _("now")
    if passed < formats.HOUR:
        return formats.minutes(passed)
    return formats.hours(passed) if passed < formats.DAY else formats.short_day(at)


@register.filter
def is_past(at: datetime | None) -> bool:
    """Return whether a time has passed; nothing counts as passed."""
    return at is None or at <= _now()


@register.filter
def window_words(closes_at: datetime) -> str:
    """Return how much is left of the reply window: 5 h left, 48 min left."""
    left = closes_at - _now()
    if left <= timedelta():
        return _("Window closed")
    return _("%(duration)s left") % {"duration": _short(left)}


@register.filter
def window_left(closes_at: datetime) -> str:
    """Return how much is left of the reply window, in short: 5 h, 48 min."""
    return _short(max(closes_at - _now(), timedelta()))


@register.filter
def window_tone(closes_at: datetime) -> str:
    """Return the colour modifier of the window's badge: orange where little is left."""
    return " badge--orange" if timedelta() < closes_at - _now() < WINDOW_SHORT else ""


@register.filter
def time_left(ends_at: datetime) -> str:
    """Return how much is left of a wait: 7:38 left, 48 min left, 5 h left; or that it is over."""
    left = ends_at - _now()
    if left <= timedelta():
        return _("time is up")
    if left < COUNTED_DOWN:
        minutes, seconds = divmod(int(left.total_seconds()), 60)
        return _("%(duration)s left") % {"duration": f"{minutes}:{seconds:02}"}
    return _("%(duration)s left") % {"duration": _short(left)}


def _short(left: timedelta) -> str:
    return formats.minutes(left) if left < WINDOW_SHORT else formats.hours(left)


def _now() -> datetime:
    return timezone.now()  # noqa: TID251 - a template's filter is part of the interface
