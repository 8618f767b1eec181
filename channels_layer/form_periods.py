"""The form field for a length of time: a number and a unit."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

UNITS = {
    "days": (timedelta(days=1), gettext_lazy("days")),
    "hours": (timedelta(hours=1), gettext_lazy("hours")),
    "minutes": (timedelta(minutes=1), gettext_lazy("minutes")),
    "seconds": (timedelta(seconds=1), gettext_lazy("seconds")),
}
"""The units, the largest first: how long each lasts, and its word."""
LONGEST = 12
"""Digits that a number may have."""


class PeriodWidget(forms.MultiWidget):
    """Shows a length of time as a number and a unit to choose."""

    def __init__(self, label: str | Promise) -> None:
        """Name both controls, since one ``label`` stands over them."""
        number = {
            "class": "period__number",
            "inputmode": "numeric",
            "aria-label": format_lazy("{label}: {part}", label=label, part=gettext_lazy("number")),
        }
        named = format_lazy("{label}: {part}", label=label, part=gettext_lazy("unit"))
        unit = {"class": "period__unit", "aria-label": named}
        choices = [(name, word) for name, (_lasts, word) in UNITS.items()]
        super().__init__(
            [
                UnfoldAdminTextInputWidget(attrs=number),
                UnfoldAdminSelectWidget(attrs=unit, choices=choices),
            ]
        )

    def decompress(self, value: timedelta | None) -> list[str]:
        """Return the number and the largest unit of which it is a whole one."""
        return ["", "hours"] if value is None else list(_written(value))


class PeriodField(forms.Field):
    """A length of time from nothing to ``most``."""

    def __init__(self, *, most: timedelta, **kwargs: Any) -> None:
        """Keep the longest time."""
        super().__init__(widget=PeriodWidget(kwargs["label"]), **kwargs)
        self._most = most

    def clean(self, value: list[str | None]) -> timedelta:
        """Return the time, or say which part of it cannot be read."""
        number, unit = ((part or "").strip() for part in value)
        if not number or not unit:
            raise ValidationError(_("Write a number and choose its unit."))
        if not (number.isascii() and number.isdigit()):
            raise ValidationError(_("Write a whole number, 0 or more."))
        if unit not in UNITS:
            raise ValidationError(_("Choose a unit."))
        seconds = int(number[-LONGEST:]) * int(UNITS[unit][0].total_seconds())
        if len(number) > LONGEST or seconds > self._most.total_seconds():
            raise ValidationError(_("At most %(period)s.") % {"period": self._words()})
        return timedelta(seconds=seconds)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another time was sent than the stored one."""
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True

    def _words(self) -> str:
        number, unit = _written(self._most)
        return f"{number} {UNITS[unit][1]}"


def _written(lasts: timedelta) -> tuple[str, str]:
    """Return a time as its number and its unit; what is less than a second is left out."""
    whole = lasts - timedelta(microseconds=lasts.microseconds)
    unit = next(name for name, (length, _word) in UNITS.items() if not whole % length)
    return str(whole // UNITS[unit][0]), unit
