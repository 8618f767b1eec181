"""Shapes: what a server sends, taken as text, objects or numbers whatever it is."""

import re
from collections.abc import Iterator

import orjson

from chats.engine.parts import Json

_INDEX = re.compile(r"[0-9]{1,8}")
_MOST = 10**8


def text_of(value: object) -> str:
    """Return a text without NUL, which no database keeps; empty for what is no text."""
    if isinstance(value, str):
        return value.replace("\x00", "") if "\x00" in value else value
    return ""


def name_of(value: object) -> str:
    """Return a name or an id, which some servers send as a number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text_of(value)


def object_of(value: object) -> Json:
    """Return an object, empty for what is none."""
    return value if isinstance(value, dict) else {}


def objects_of(value: object) -> list[Json]:
    """Return the objects of a list, or the one that stands in place of a list."""
    if isinstance(value, list):
        return [one for one in value if isinstance(one, dict)]
    return [value] if isinstance(value, dict) else []


def number_of(value: object) -> int | None:
    """Return an index, which some servers send as text; None for what is none."""
    if isinstance(value, str) and _INDEX.fullmatch(value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) < _MOST else None


def json_of(value: object) -> str:
    """Return arguments as JSON: text stays as it is, all else is written as JSON."""
    if value is None or isinstance(value, str):
        return text_of(value)
    try:
        text = orjson.dumps(value).decode()
        return orjson.dumps(kept(value)).decode() if "\\u0000" in text else text
    except (orjson.JSONEncodeError, RecursionError):
        return ""


def kept(value: object) -> object:
    """Return ``value`` without NUL in any of its texts."""
    if isinstance(value, dict):
        return {text_of(key): kept(one) for key, one in value.items()}
    if isinstance(value, list):
        return [kept(one) for one in value]
    return text_of(value) if isinstance(value, str) else value


def texts_of(value: object) -> Iterator[str]:
    """Yield the words of an error, however they are packed."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key in (
            "message",
            "msg",
            "error_msg",
            "status_msg",
            "detail",
            "error",
            "description",
            "raw",
            "metadata",
            "reason",
        ):
            yield from texts_of(value.get(key))
    elif isinstance(value, list):
        for one in value[:5]:
            yield from texts_of(one)
