"""Numbers of workbooks, written as their cells show them, without a reader's language."""

import re
from contextlib import suppress
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from conversations.files.readers import number_formats
from conversations.files.readers.number_formats import CODE, WORDS, UnknownPatternError

_EXACT = 1e15
"""Numbers below are exact."""
_SECOND = timedelta(seconds=1)
_HALF = 500_000
_FILLED = re.compile(r"(?<=^-)\s+(?=\d)")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]")


def shown(value: Any, pattern: str = "General") -> str:
    """Return the value of a cell as its format shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, pattern)
    if isinstance(value, str):
        return _words(value, pattern)
    return moment(value, pattern)


def moment(value: object, pattern: str = "") -> str:
    """Return a date or a time, without parts that are nought or that the format does not show."""
    codes = number_formats.codes_of(pattern)
    has_clock = "h" in codes or "s" in codes
    has_day = "y" in codes or "d" in codes or ("m" in codes and not has_clock)
    if isinstance(value, timedelta):
        return _elapsed(value, codes)
    if isinstance(value, datetime):
        value = _rounded(value)
        clock = _clock(value.time(), codes)
        if has_clock and not has_day:
            return clock
        is_day = value.time() == time() or (has_day and not has_clock)
        return value.date().isoformat() if is_day else f"{value.date().isoformat()} {clock}"
    return _clock(value, codes) if isinstance(value, time) else str(value)


def is_elapsed(pattern: str) -> bool:
    """Return whether a format counts hours, minutes or seconds beyond a day."""
    return bool(_ELAPSED.search(number_formats.codes_of(pattern)))


def plain(value: float) -> str:
    """Return a number without digits that it does not have."""
    if isinstance(value, int):
        return str(value)
    return str(int(value)) if _is_integer(value) else f"{value:.15g}"


def _number(value: float, pattern: str) -> str:
    """Return a number in its format; as it is, where the format is not understood."""
    try:
        exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
        sections = number_formats.sections_of(pattern or "General")
        section, is_signed = number_formats.section_for(exact, sections)
        text = number_formats.rendered(abs(exact), section, plain(abs(value)))
    except (UnknownPatternError, InvalidOperation, OverflowError):
        return plain(value)
    text = _FILLED.sub("", text.strip())
    is_minus = exact < 0 and not is_signed and any(sign in text for sign in "123456789")
    return " ".join(f"{'-' if is_minus else ''}{text}".split())


def _words(value: str, pattern: str) -> str:
    """Return words, between those that the format puts around them."""
    if pattern in {"General", "@", ""}:
        return value
    try:
        section = number_formats.sections_of(pattern)[-1]
    except UnknownPatternError:
        return value
    if not section.has(CODE, "@"):
        return value
    parts = (
        value if token == (CODE, "@") else token.text * (token.sort == WORDS)
        for token in section.tokens
    )
    return "".join(parts).strip()


def _clock(value: time, codes: str) -> str:
    shows_seconds = value.second and ("s" in codes or "h" not in codes)
    return value.isoformat(timespec="seconds" if shows_seconds else "minutes")


def _elapsed(value: timedelta, codes: str) -> str:
    """Return a span in hours, minutes and seconds, of which the first goes beyond a day."""
    total = round(abs(value) / _SECOND)
    minutes, seconds = divmod(total, 60)
    hours, rest = divmod(minutes, 60)
    first = _ELAPSED.search(codes)
    unit = first[1][0] if first else "h"
    parts = {"h": [hours, rest, seconds], "m": [minutes, seconds], "s": [total]}[unit]
    if unit == "h" and (("h" in codes and "s" not in codes) or not seconds):
        parts.pop()
    sign = "-" if value < timedelta() and total else ""
    return sign + ":".join([str(parts[0]), *(f"{part:02}" for part in parts[1:])])


def _rounded(value: datetime) -> datetime:
    """Return the next second where a fraction of one was lost by counting in days.

    The last one that there is stays: exports mean by it "for ever".
    """
    whole = value.replace(microsecond=0)
    with suppress(OverflowError):
        return whole + _SECOND if value.microsecond >= _HALF else whole
    return whole


def _is_integer(value: float) -> bool:
    return abs(value) < _EXACT and float(value).is_integer()
