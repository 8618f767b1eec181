"""The schema of cards: the five kinds, their sizes, and how they are kept.

``PARAMETERS`` is what a model reads; ``checked`` holds the rules and returns cards as they are
stored. Texts are plain, never Markdown or HTML.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

Card = Mapping[str, Any]
Json = dict[str, Any]

KINDS = ("table", "list", "buttons", "image", "link")
MOST_CARDS = 3
MOST_OPTIONS = 10
MOST_COLUMNS = 6
MOST_ROWS = 20
LONGEST_TITLE = 80
LONGEST_TEXT = 500
LONGEST_OPTION = 60
LONGEST_VALUE = 200
LONGEST_DESCRIPTION = 120
LONGEST_NOTE = 24
LONGEST_CELL = 80
LONGEST_URL = 2000
LONGEST_IMAGE = 500

_NUMBER = re.compile(
    r"[+\-\u2212(]?\s?(?:[^\w\s]|[A-Z]{3}\s?)?\s?\d[\d.,'\u2019\s]*\)?\s?(?:%|[^\w\s]|[A-Z]{3})?"
)
"""An amount in a table: 3, -4.5 %, €1,200.00, 12 EUR."""
_SPACES = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")
_CELL: Json = {"type": ["string", "number"]}
_CELLS: Json = {"type": "array", "items": _CELL, "maxItems": MOST_COLUMNS}
_OPTION: Json = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "description": f"At most {LONGEST_OPTION} characters."},
        "value": {
            "type": "string",
            "description": "What the customer says by choosing it; the title unless given.",
        },
        "description": {"type": "string", "description": "A second line, in a list alone."},
        "note": {"type": "string", "description": "Such as a price, in a list alone."},
    },
    "required": ["title"],
}
_OPTIONS: Json = {"type": "array", "items": _OPTION, "minItems": 1, "maxItems": MOST_OPTIONS}
_CARD: Json = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": list(KINDS)},
        "title": {"type": "string", "description": f"At most {LONGEST_TITLE} characters."},
        "text": {"type": "string", "description": f"At most {LONGEST_TEXT} characters."},
        "columns": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "maxItems": MOST_COLUMNS,
            "description": "Of a table: the heads of its columns.",
        },
        "rows": {
            "type": "array",
            "items": _CELLS,
            "minItems": 1,
            "maxItems": MOST_ROWS,
            "description": "Of a table: its rows, each with a cell for every column.",
        },
        "total": {**_CELLS, "description": "Of a table: a last row that sums it up."},
        "items": {**_OPTIONS, "description": "Of a list: what can be chosen."},
        "buttons": {**_OPTIONS, "description": "Of buttons: what can be chosen."},
        "image": {
            "type": "string",
            "description": "Of an image: the name or id of a picture in this conversation.",
        },
        "url": {"type": "string", "description": "Of a link: where it leads, http or https."},
    },
    "required": ["type"],
}
PARAMETERS: Json = {
    "type": "object",
    "properties": {
        "cards": {"type": "array", "items": _CARD, "minItems": 1, "maxItems": MOST_CARDS}
    },
    "required": ["cards"],
    "additionalProperties": False,
}


class CardError(ValueError):
    """A card is not as it has to be; the text says what would be right."""


def checked(raw: object) -> list[Json]:
    """Return ``raw`` as cards that can be stored.

    :raises CardError: with what would be right, for whoever made them.
    """
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_CARDS:
        msg = f"Give a list of 1 to {MOST_CARDS} cards."
        raise CardError(msg)
    return [_checked(card, f"Card {number}") for number, card in enumerate(raw, 1)]


def _checked(raw: object, place: str) -> Json:
    if not isinstance(raw, dict) or raw.get("type") not in _READERS:
        msg = f"{place}: give an object whose type is one of {', '.join(KINDS)}."
        raise CardError(msg)
    kind = str(raw["type"])
    place = f"{place} ({kind})"
    card = {
        "type": kind,
        "title": _line(raw.get("title"), LONGEST_TITLE, f"{place}: title"),
        "text": _text(raw.get("text"), f"{place}: text"),
    }
    kept = {name: value for name, value in card.items() if value}
    return kept | _READERS[kind](raw, place)


def _table(raw: Json, place: str) -> Json:
    heads = raw.get("columns")
    if not isinstance(heads, list) or not 1 <= len(heads) <= MOST_COLUMNS:
        msg = f"{place}: give columns, a list of 1 to {MOST_COLUMNS} heads."
        raise CardError(msg)
    columns = _cells(heads, len(heads), f"{place}: columns")
    given = raw.get("rows")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_ROWS:
        msg = f"{place}: give rows, a list of 1 to {MOST_ROWS} rows."
        raise CardError(msg)
    rows = [
        _cells(row, len(columns), f"{place}: row {number}") for number, row in enumerate(given, 1)
    ]
    table: Json = {"columns": columns, "rows": rows}
    if raw.get("total"):
        table["total"] = _cells(raw["total"], len(columns), f"{place}: total")
    table["numbers"] = [at for at in range(len(columns)) if _is_of_numbers([r[at] for r in rows])]
    return table


def _cells(raw: object, most: int, place: str) -> list[str]:
    """Return the cells of a row, empty ones where it is shorter than the head."""
    if not isinstance(raw, list) or len(raw) > most:
        msg = f"{place}: give a list of at most {most} cells."
        raise CardError(msg)
    cells = [_line(cell, LONGEST_CELL, place) for cell in raw]
    return cells + [""] * (most - len(cells))


def _is_of_numbers(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_NUMBER.fullmatch(cell) for cell in filled)


def _list(raw: Json, place: str) -> Json:
    return {"items": _options(raw.get("items"), f"{place}: items", is_short=False)}


def _buttons(raw: Json, place: str) -> Json:
    return {"buttons": _options(raw.get("buttons"), f"{place}: buttons", is_short=True)}


def _options(raw: object, place: str, *, is_short: bool) -> list[Json]:
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_OPTIONS:
        msg = f"{place}: give a list of 1 to {MOST_OPTIONS} choices."
        raise CardError(msg)
    options = [
        _option(one, f"{place}, choice {number}", is_short=is_short)
        for number, one in enumerate(raw, 1)
    ]
    for name in ("title", "value"):
        if len({option[name].casefold() for option in options}) < len(options):
            msg = f"{place}: give each choice a {name} of its own."
            raise CardError(msg)
    return options


def _option(raw: object, place: str, *, is_short: bool) -> Json:
    given = {"title": raw} if isinstance(raw, str) else raw
    if not isinstance(given, dict):
        msg = f"{place}: give an object with a title."
        raise CardError(msg)
    title = _line(given.get("title"), LONGEST_OPTION, f"{place}: title")
    if not title:
        msg = f"{place}: give it a title."
        raise CardError(msg)
    value = _line(given.get("value"), LONGEST_VALUE, f"{place}: value")
    option = {"title": title, "value": value or title}
    if is_short:
        return option
    more = {
        "description": _line(
            given.get("description"), LONGEST_DESCRIPTION, f"{place}: description"
        ),
        "note": _line(given.get("note"), LONGEST_NOTE, f"{place}: note"),
    }
    return option | {name: words for name, words in more.items() if words}


def _image(raw: Json, place: str) -> Json:
    image = _line(raw.get("image"), LONGEST_IMAGE, f"{place}: image")
    if not image:
        msg = f"{place}: give image, the name or id of a picture in the conversation."
        raise CardError(msg)
    return {"image": image}


def _link(raw: Json, place: str) -> Json:
    title = _line(raw.get("title"), LONGEST_TITLE, f"{place}: title")
    url = raw.get("url")
    host = _host(url) if isinstance(url, str) and len(url) <= LONGEST_URL else ""
    if not title or not host:
        msg = (
            f"{place}: give a title and a url of at most {LONGEST_URL} characters that begins with "
            "http:// or https:// and holds a host, no user name and no spaces."
        )
        raise CardError(msg)
    return {"url": url, "host": host}


def _host(url: str) -> str:
    """Return the host of a web address as a reader is shown it, empty where there is none.

    Names in other scripts are shown in their ASCII form, in which none looks like another.
    """
    if _SPACES.search(url) or "\\" in url:
        return ""
    try:
        parts = urlsplit(url)
        name, port = parts.hostname or "", parts.port
        ascii_name = name.encode("idna").decode() if not name.isascii() else name
    except (ValueError, UnicodeError):
        return ""
    is_plain = parts.scheme in {"http", "https"} and "@" not in parts.netloc
    return f"{ascii_name}:{port}" if port and is_plain else ascii_name if is_plain else ""


def _line(raw: object, most: int, place: str) -> str:
    """Return a text of one line; numbers are written out."""
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        msg = f"{place}: give a text."
        raise CardError(msg)
    return _short(" ".join(str(raw).split()), most, place)


def _text(raw: object, place: str) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        msg = f"{place}: give a text."
        raise CardError(msg)
    return _short(raw.strip(), LONGEST_TEXT, place)


def _short(text: str, most: int, place: str) -> str:
    if len(text) > most:
        msg = f"{place}: write at most {most} characters; these are {len(text)}."
        raise CardError(msg)
    return text


_READERS: dict[str, Callable[[Json, str], Json]] = {
    "table": _table,
    "list": _list,
    "buttons": _buttons,
    "image": _image,
    "link": _link,
}
