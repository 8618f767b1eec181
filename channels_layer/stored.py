"""Stored data as a person reads it: rows of labels and values in place of JSON."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from channels_layer import formats

DEEPEST = 20
SHORT = 30
NOTHING = "-"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(Z|[+-]\d\d:\d\d)")


def outline(value: Any, depth: int = 0) -> dict[str, Any]:
    """Return a value as ``rows`` of label and value, as ``parts``, or as ``text``."""
    if not value or not isinstance(value, Mapping | list):
        return {"text": _text(value)}
    if depth == DEEPEST:
        return {"text": "…"}
    if isinstance(value, Mapping):
        return {"rows": [(_label(name), outline(part, depth + 1)) for name, part in value.items()]}
    if all(map(_is_short, value)):
        return {"text": ", ".join(words for words in map(_words, value) if words) or NOTHING}
    return {"parts": [outline(part, depth + 1) for part in value]}


def _is_short(value: Any) -> bool:
    """Return whether a value reads well between commas."""
    return not isinstance(value, Mapping | list) and len(str(value)) <= SHORT


def _label(name: str) -> str:
    words = formats.label(name)
    return words[:1].upper() + words[1:]


def _text(value: Any) -> str:
    return _words(value) or NOTHING


def _words(value: Any) -> str:
    """Return a single value in words, a moment as it is written elsewhere."""
    words = formats.readable(value)
    if not _MOMENT.fullmatch(words):
        return words
    try:
        return formats.full_moment(datetime.fromisoformat(words))
    except ValueError:
        return words
