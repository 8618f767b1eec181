"""Numbers, dates, times, sizes and durations as people read them, in the language of the request.

What scripts write looks alike: ``static/ui/format.js``.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import Locale, dates, numbers, units
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from channels_layer import sizes

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_UNITS = {"kB": "kilobyte", "MB": "megabyte"}

_REGIONS = {"en": "en_GB", "pt": "pt_PT"}
"""The region whose forms a language takes, where it is not the largest one's."""


def local(at: datetime) -> datetime:
    """Return ``at`` in the reader's zone; unchanged where that would overflow the calendar."""
    try:
        return timezone.localtime(at)
    except OverflowError:
        return at


def number(value: int) -> str:
    """Return a number with its thousands marked: 12,480."""
    return numbers.format_decimal(value, locale=_locale())


def decimal(value: float | Decimal, digits: int) -> str:
    """Return a number with so many digits after the point: 3.20."""
    return numbers.format_decimal(value, f"#,##0.{'0' * digits}", locale=_locale())


def money(value: Decimal) -> str:
    """Return an amount of the deployment's currency, with more digits for less: €81.20, €0.0034."""
    digits = 2 if not value or abs(value) >= 1 else 4
    pattern = f"¤#,##0.{'0' * digits}"
    return numbers.format_currency(
        value, settings.CURRENCY, pattern, locale=_locale(), currency_digits=False
    )


def time_of_day(at: datetime) -> str:
    """Return the time of day in the reader's zone: 12:30."""
    return dates.format_skeleton("Hm", local(at), locale=_locale())


def day(at: date) -> str:
    """Return a day without its year: 29 Nov."""
    return _day(at, "MMMd")


def short_day(at: date) -> str:
    """Return a day as a list shows it: 29 Nov, and its year where it is another."""
    return day(at) if _local(at).year == timezone.localdate().year else full_day(at)


def full_day(at: date) -> str:
    """Return a day with its year: 29 Nov 2026."""
    return _day(at, "yMMMd")


def long_day(at: date) -> str:
    """Return a day with the name of its month: 29 November, and its year where it is another."""
    return _day(at, "MMMMd" if _local(at).year == timezone.localdate().year else "yMMMMd")


def day_heading(at: date) -> str:
    """Return a day as a separator shows it: Today, Yesterday with the date, else the date."""
    today = timezone.localdate()
    if _local(at) == today:
        return _("Today")
    words = long_day(at)
    return _("Yesterday, %(day)s") % {"day": words} if _local(at) == today - DAY else words


def moment(at: datetime) -> str:
    """Return day and time: 29 Nov, 12:30."""
    return _("%(day)s, %(time)s") % {"day": day(at), "time": time_of_day(at)}


def full_moment(at: datetime) -> str:
    """Return day with year, and time: 29 Nov 2026, 12:30."""
    return _("%(day)s, %(time)s") % {"day": full_day(at), "time": time_of_day(at)}


def began(at: datetime) -> str:
    """Return when something was: the time today, else the day."""
    return time_of_day(at) if _local(at) == timezone.localdate() else short_day(at)


def minutes(lasted: timedelta) -> str:
    """Return a duration in whole minutes, begun ones left out: 6 min."""
    return _("%(count)s min") % {"count": number(lasted // MINUTE)}


def hours(lasted: timedelta) -> str:
    """Return a duration in whole hours, begun ones left out: 3 h."""
    return _("%(count)s h") % {"count": number(lasted // HOUR)}


def seconds(lasted: float) -> str:
    """Return seconds to the tenth: 1.2 s."""
    return _("%(count)s s") % {"count": decimal(lasted, 1)}


def duration(lasted: timedelta) -> str:
    """Return how long something lasted, in its two largest units: 6 min, 3 h 5 min, 2 d 4 h."""
    whole_hours, rest = divmod(round(lasted / MINUTE), 60)
    days = whole_hours // 24
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": whole_hours % 24}
    if whole_hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": whole_hours, "minutes": rest}
    return minutes(timedelta(minutes=rest))


def size(count: int) -> str:
    """Return the size of a file, or its limit: 512 B, 293 kB, 1.2 MB, 10 MB; 1 kB is 1,024 B."""
    value, unit = sizes.measured(count)
    if unit == "B":
        return _("%(count)d B") % {"count": count}
    return _in_unit(value, _UNITS[unit])


def readable(value: object) -> str:
    """Return a value of a form or a program in words: Yes, 12, red, blue, colour: red."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Mapping):
        pairs = ((label(str(name)), readable(part)) for name, part in value.items())
        return ", ".join(f"{name}: {words}" for name, words in pairs if words)
    if isinstance(value, list | tuple | set):
        return ", ".join(filter(None, map(readable, value)))
    return "" if value is None else str(value)


def label(name: str) -> str:
    """Return the name of a value as people write it: order_id is order id."""
    return " ".join(name.replace("_", " ").split())


def plural(one: str, other: str) -> dict[str, str]:
    """Return the forms of a counted sentence in the reader's language, for ``plural`` of format.js.

    Both languages of the catalogue and of the browser call the forms ``one`` and ``other``.
    """
    forms = {"one": 1, "other": 2}
    return {form: translation.ngettext(one, other, count) for form, count in forms.items()}


def _in_unit(value: float, unit: str) -> str:
    return units.format_unit(value, f"digital-{unit}", length="short", locale=_locale())


def _day(at: date, skeleton: str) -> str:
    return dates.format_skeleton(skeleton, _local(at), locale=_locale())


def _local(at: date) -> date:
    return local(at).date() if isinstance(at, datetime) else at


def _locale() -> Locale:
    language = translation.get_language() or "en"
    return Locale.parse(_REGIONS.get(language, translation.to_locale(language)))
