"""The days of a list's date filter, as a person writes and reads them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from channels_layer import formats

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Dates:
    """The first and the last day, in the reader's zone; each may be open."""

    first: date | None
    last: date | None
    today: date

    @property
    def word(self) -> str:
        """The days in words; the year only where it is another one."""
        first, last = (self._name(day) if day else "" for day in (self.first, self.last))
        if first == last:
            return first
        if first and last:
            return _("%(first)s to %(last)s") % {"first": first, "last": last}
        return _("From %(day)s") % {"day": first} if first else _("Until %(day)s") % {"day": last}

    def _name(self, day: date) -> str:
        return formats.day(day) if day.year == self.today.year else formats.full_day(day)


def dates_of(
    *, after: datetime | None, before: datetime | None, at: datetime, zone: ZoneInfo
) -> Dates | None:
    """Return the days from ``after`` until just before ``before``; None when both are open."""
    first = _day(after, zone)
    last = _day(before, zone, INSTANT)
    return (
        Dates(first=first, last=last, today=at.astimezone(zone).date()) if first or last else None
    )


def _day(moment: datetime | None, zone: ZoneInfo, less: timedelta = timedelta()) -> date | None:
    """Return the day ``less`` before ``moment``; None beyond the calendar."""
    try:
        return (moment - less).astimezone(zone).date() if moment else None
    except OverflowError:
        return None
