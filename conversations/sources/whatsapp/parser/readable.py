"""JSON of unknown shape as lines that a person can read: the answers of forms, and what is new.

A field is one line, as in ``address · city: Oslo``; further lines of its value are indented, so
that no value can pass for a field.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from conversations.sources.whatsapp.parser.shapes import Media
from conversations.sources.whatsapp.parser.values import Json, identifier, mapping, text

TOKEN = "flowtoken"  # noqa: S105 - the name of a field, which is left out
YES, NO, NONE = "Yes", "No", "\u2013"
BETWEEN = " · "
MOST_LINES = 200
MOST_FILES = 10
DEEPEST = 8
LONGEST_LABEL = 120
LONGEST_VALUE = 2000
LONGEST = 10_000
LONGEST_MEDIA_ID = 100
INDENT = "\n    "

DATES = frozenset({"date", "dates", "fecha", "dato", "dob", "birthday", "birthdate"})
TYPED = frozenset(
    {"textinput", "textarea", "email", "phone", "number", "password", "passcode", "datepicker"}
)
"""What Meta's builder calls fields that are typed into, and where no option is chosen."""
FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000 for year in (1900, 2070))
QUARTER = 15 * 60 * 1000
"""Milliseconds between two midnights of time zones: a date is a whole number of these."""

_OF_BUILDER = re.compile(r"screen_\d+_(.+)_\d+", re.IGNORECASE)
"""A field as Meta's builder of forms names it; its options begin with their number."""
_OPTION = re.compile(r"\d{1,3}_([^\W\d_](?:[^\s@.]|\.(?![^\W_]))*)")
"""A value that is wholly an option; what may be an address, a number or a file was typed."""
_LISTED = re.compile(r"\d{1,3}_(\S+)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")
_NAME_BREAK = re.compile(r"[\W_]+")
_MILLISECONDS = re.compile(r"-?\d{11,13}")
_TOKEN = re.compile(r"flow[_-]?token", re.IGNORECASE)
_HIDDEN = re.compile(
    rf"\"?{_TOKEN.pattern}\\{{0,3}}\"?\s*[:=]\s*"
    r"""(\\{1,3}"[^"]*"?|"(?:[^"\\]|\\.)*"?|[^\s,}]*)""",
    re.IGNORECASE,
)

Field = tuple[tuple[str, ...], Any]


def answers_of(raw: Any) -> Any:
    """Return the answers of a form: JSON as an object, as a text, or as a text within a text."""
    for _ in range(3):
        if not isinstance(raw, str):
            break
        try:
            raw = json.loads(raw)
        except (ValueError, RecursionError):
            break
    return raw


def lines_of(value: Any) -> str:
    """Return the fields of ``value`` line by line, without the token; empty where there is none."""
    fields = list(_fields(value, ()))[: MOST_LINES + 1]
    more = len(fields) > MOST_LINES
    labels = _labels(fields[:MOST_LINES])
    lines = [_line(label, field) for label, field in zip(labels, fields, strict=False)]
    whole = "\n".join([*filter(None, lines), *(["…"] if more else [])])
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"


def without_token(raw: Any) -> str:
    """Return a text that is no JSON as it is, but for a token in it."""
    return _HIDDEN.sub("", text(raw, most=LONGEST)).strip()


def files_of(value: Any, *, depth: int = 0) -> list[Media]:
    """Return the files that a form's answers name, which can be fetched like others."""
    if depth > DEEPEST:
        return []
    if _is_file(value):
        return [_file(value)]
    inner: Iterable[Any] = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return []
    found = [file for one in inner for file in files_of(one, depth=depth + 1)]
    return found[:MOST_FILES]


def _fields(value: Any, path: tuple[str, ...]) -> Iterator[Field]:
    """Yield each single value below ``value`` with the names that lead to it."""
    value = [_opened(one) for one in value] if isinstance(value, list) else _opened(value)
    inside = _inside(value)
    if len(path) > DEEPEST:
        yield path, "…"
    elif inside is not None:
        for name, one in inside:
            yield from _fields(one, (*path, name))
    elif path or value not in ([], {}):
        yield path, value


def _inside(value: Any) -> list[tuple[str, Any]] | None:
    """Return what is in an object or a list of such, by names; None for a single value."""
    if isinstance(value, dict) and value and not _is_file(value):
        names = [name for name in value if _NAME_BREAK.sub("", name).casefold() != TOKEN]
        return [(name, value[name]) for name in names]
    if isinstance(value, list) and any(_is_nested(one) for one in value):
        return [(str(at), one) for at, one in enumerate(value, start=1) if one not in ([], {})]
    return None


def _opened(value: Any) -> Any:
    """Return JSON that is a text as what it is, where a token is in it; other texts as typed."""
    if not isinstance(value, str) or not _TOKEN.search(_NAME_BREAK.sub("", value[:LONGEST])):
        return value
    found = answers_of(value)
    return found if isinstance(found, dict | list) else without_token(value)


def _is_nested(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, dict) and not _is_file(value))


def _labels(fields: list[Field]) -> list[str]:
    """Return the readable names of fields; where two would be one, as they are."""
    short = [BETWEEN.join(map(_readable, path)) for path, _ in fields]
    times = Counter(short)
    return [
        label if times[label] == 1 else BETWEEN.join(path)
        for label, (path, _) in zip(short, fields, strict=True)
    ]


def _readable(name: str) -> str:
    of_builder = _OF_BUILDER.fullmatch(name)
    label = text(of_builder[1] if of_builder else name)
    return " ".join(label.replace("_", " ").split()) or label


def _line(label: str, field: Field) -> str:
    path, value = field
    of_builder = any(_OF_BUILDER.fullmatch(name) for name in path)
    words = _words_in(label)
    option = _OPTION if of_builder and "".join(words) not in TYPED else None
    option = _LISTED if of_builder and isinstance(value, list) else option
    shown = _shown(value, option=option, is_date=_is_of_date(words))
    label = " ".join(text(label, most=LONGEST_LABEL).split())
    return f"{label}: {shown}" if label else shown


def _shown(value: Any, *, option: re.Pattern[str] | None, is_date: bool) -> str:
    """Return a value as read; ``option`` is what the options of its field look like, if any."""
    if isinstance(value, list):
        found = [_shown(one, option=option, is_date=is_date) for one in value]
        return ", ".join(found)[:LONGEST_VALUE] or NONE
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, dict):
        return _file(value).name if _is_file(value) else NONE
    words = text(value, most=LONGEST_VALUE)
    if option and isinstance(value, str) and (chosen := option.fullmatch(words)):
        words = chosen[1].replace("_", " ").strip()
    if is_date:
        words = _as_date(words)
    return INDENT.join(words.splitlines()) or NONE


def _words_in(label: str) -> list[str]:
    """Return the words of a label in lower case; ``deliveryDate`` has two."""
    return _WORD.findall(_HUMP.sub(" ", label[:LONGEST_LABEL]).replace("_", " ").casefold())


def _is_of_date(words: Iterable[str]) -> bool:
    return any(word in DATES or word.endswith("datum") for word in words)


def _as_date(words: str) -> str:
    """Return milliseconds since 1970 as the date that they begin; anything else as it is."""
    stated = int(words) if _MILLISECONDS.fullmatch(words) else None
    if stated is None or stated % QUARTER or not FIRST <= stated < LAST:
        return words
    return (datetime.fromtimestamp(0, tz=UTC) + timedelta(milliseconds=stated)).date().isoformat()


def _is_file(value: Any) -> bool:
    """Return whether a value is a file at Meta: it has an id and a type or a name."""
    part = mapping(value)
    has_name = "mime_type" in part or "file_name" in part
    return has_name and bool(identifier(part.get("id"), most=LONGEST_MEDIA_ID))


def _file(part: Json) -> Media:
    mime_type = text(part.get("mime_type"), most=LONGEST_MEDIA_ID)
    kind = mime_type.partition("/")[0]
    return Media(
        id=identifier(part.get("id"), most=LONGEST_MEDIA_ID),
        kind=kind if kind in {"image", "audio", "video"} else "document",
        name=text(part.get("file_name")) or text(part.get("filename")) or "Document",
        mime_type=mime_type,
        sha256=text(part.get("sha256"), most=LONGEST_MEDIA_ID),
    )
