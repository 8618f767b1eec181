"""Values of unknown shape: what is missing or of the wrong type counts as empty."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any

Json = Mapping[str, Any]

LONGEST_ID = 200
LONGEST_PHONE = 20
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def mapping(value: Any) -> Json:
    """Return a JSON object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Json]:
    """Return the objects of a list; a single object counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: Any, *, most: int | None = None) -> str:
    """Return a text without characters that no database takes (NUL, surrogates), trimmed."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _UNSTORABLE.sub("", _written(value)).strip()[:most]


def identifier(value: Any, *, most: int = LONGEST_ID) -> str:
    """Return an id; an empty one where it is too long to be stored whole."""
    found = text(value)
    return found if len(found) <= most else ""


def phone(value: Any) -> str:
    """Return the digits of a phone number, an empty text for anything else."""
    found = text(value).removeprefix("+")
    return found if found.isascii() and found.isdigit() and len(found) <= LONGEST_PHONE else ""


def digits(value: Any) -> str:
    """Return the digits of a phone number however it is written, as in ``+46 8 00 00``."""
    return "".join(sign for sign in text(value) if sign.isascii() and sign.isdigit())


def moment(value: Any) -> datetime | None:
    """Return the time of seconds since 1970, in digits or as a number."""
    try:
        seconds = float(text(value))
        return datetime.fromtimestamp(seconds, tz=UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def degrees(value: Any) -> float | None:
    """Return a latitude or longitude, None for what is no finite number."""
    try:
        found = float(text(value))
    except ValueError:
        return None
    return found if isfinite(found) else None


def _written(value: str | float) -> str:
    try:
        return str(value)
    except ValueError:  # an integer of thousands of digits
        return ""
