"""Numbers of workbooks, written as their cells show them, without a reader's language."""

import re
from datetime import datetime, time, timedelta
from typing import Any

_EXACT = 1e15
"""Numbers below are exact."""
_SECONDS = timedelta(seconds=1)
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]')
_BRACKET = re.compile(r"\[[^\]]*\]")
_DECIMALS = re.compile(r"0\.(0+)")
_CURRENCY = re.compile(r"[$€£¥₹₽₩₺₴₪฿]|\b[A-Z]{3}\b")


def shown(value: Any, pattern: str = "General") -> str:
    """Return the value of a cell as its format shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, pattern)
    return moment(value)


def moment(value: object) -> str:
    """Return a date or a time, without the parts that are nought; any other value as it is."""
    if isinstance(value, datetime):
        value = _rounded(value)
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, time):
        return value.isoformat(timespec="minutes" if not value.second else "seconds")
    return str(value)


def _rounded(value: datetime) -> datetime:
    """Return the next second where a fraction of one was lost by counting in days."""
    return (value + _SECONDS / 2).replace(microsecond=0)


def _number(value: float, pattern: str) -> str:
    first = pattern.split(";", maxsplit=1)[0]
    symbol = _CURRENCY.search("".join(_literals(first)))
    bare = _BRACKET.sub("", _LITERAL.sub("", first))
    decimals = _DECIMALS.search(bare)
    places = len(decimals[1]) if decimals else 0
    if "%" in bare:
        return f"{value * 100:.{places}f}%"
    if "E" in bare.upper().replace("GENERAL", "") or not any(sign in bare for sign in "0#"):
        return plain(value)
    comma = "," if "#,#" in bare or "0,0" in bare else ""
    text = f"{value:{comma}.{places}f}" if decimals or _is_whole(value, bare) else plain(value)
    return f"{text} {symbol[0]}" if symbol else text


def plain(value: float) -> str:
    """Return a number without digits that it does not have."""
    return str(int(value)) if _is_integer(value) else f"{value:.15g}"


def _literals(pattern: str) -> list[str]:
    found = ["".join(match.groups("")) for match in _LITERAL.finditer(pattern)]
    return [*found, *re.findall(r"[$€£¥]", pattern)]


def _is_whole(value: float, bare: str) -> bool:
    """Return whether the format shows no part of a number behind the point."""
    return "." not in bare and "?" not in bare and abs(value) < _EXACT


def _is_integer(value: float) -> bool:
    return abs(value) < _EXACT and float(value).is_integer()
