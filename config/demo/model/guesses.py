"""Guesses: what the demo model reads out of a customer's words and of the results of tools."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_REFERENCE = re.compile(r"\b[A-Z]{0,4}-?#?\d{3,}\b", re.IGNORECASE)
_LETTERED = re.compile(r"\b[A-Z]{1,5}-?#?\d{3,}\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MONEY = re.compile(
    r"[€$£]\s?(\d+(?:[.,]\d{1,2})?)|\b(\d+(?:[.,]\d{1,2})?)\s?(?:[€$£]|EUR\b|USD\b|euros?\b)", re.I
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(
    r"(?P<street>[^\W\d_][^,;:\n]*?\s\d+\s?[a-z]?|\d+\s[^\W\d_][^,;:\n\d]*),\s*"
    r"(?P<postcode>(?=[\w -]*\d)[\dA-Z][\dA-Z -]{1,8}[\dA-Z])\s+"
    r"(?P<town>[^\W\d_]{2,}(?:[ -][A-ZÀ-Þ][^\W\d_]+)*)"
)
_LEAD = re.compile(r"^.*\b(?:to|is|at|now|address):?\s+(?=\S)", re.IGNORECASE | re.DOTALL)
_STREET = re.compile(r"(^|_)(street|address|address_line|line1)(_|$)")
_POSTCODE = re.compile(r"(^|_)(postcode|postal_code|zip|zip_code)$")
_TOWN = re.compile(r"(^|_)(town|city|place)$")
_SUMS = ("amount", "refundable", "total", "sum", "price", "paid", "value")
"""Names under which systems say what something costs, the likeliest first."""
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
a about again all already also am an and any are as at be been but by can could dear did do does for
from get give had has have hello help hey hi how i if in into is it its know let like make long may
many me much my need no not of on one or our please question show so some such tell than thank
thanks that the their them then there these they this those to too understand us use want was
way we were what when where which who whom why will with would yes you your
""",
    )
)


@dataclass(frozen=True)
class Known:
    """What arguments can be read out of: the customer's ``text``, and what is known beside it.

    ``references`` were said or stored earlier, the newest first; ``results`` are of tools.
    """

    text: str
    references: Sequence[str] = ()
    results: Sequence[Any] = ()
    variables: dict[str, str] = field(default_factory=dict)


def keywords(text: str) -> list[str]:
    """Return the words of ``text`` that carry meaning, in order, each once, in lower case."""
    found = dict.fromkeys(words(text))
    return [word for word in found if word not in _EMPTY_WORDS]


def words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def references(text: str) -> list[str]:
    """Return the numbers of orders and the like in ``text``, those with letters first."""
    text = _ADDRESS.sub("", text)
    return list(dict.fromkeys([*_LETTERED.findall(text), *_REFERENCE.findall(text)]))


def arguments(tool: Json, text: str) -> Json:
    """Arguments for ``tool``, guessed from ``text`` alone: all that it requires."""
    known = Known(text)
    properties, required = schema_of(tool)
    return {name: _value(name, properties.get(name, {}), known) for name in required}


def found(tool: Json, known: Known) -> Json:
    """Return the required arguments of ``tool`` that are really known."""
    properties, required = schema_of(tool)
    values = {name: read(name, properties.get(name, {}), known) for name in required}
    return {name: value for name, value in values.items() if value is not None}


def schema_of(tool: Json) -> tuple[dict[str, Json], list[str]]:
    """Return the properties of a tool's arguments, and the names of those that it requires."""
    parameters = tool.get("parameters") or {}
    properties = parameters.get("properties") or {}
    required = parameters.get("required")
    return properties, list(properties) if required is None else required


def is_reference(name: str) -> bool:
    """Return whether an argument called ``name`` is the number of something."""
    return bool(re.search(r"(^|_)(id|number|order|reference|code)$", name))


def read(name: str, schema: Json, known: Known) -> Any:
    """Return the value of an argument as far as it is really known, else None."""
    kind = schema.get("type", "string")
    if "enum" in schema or kind in {"boolean", "array", "object"}:
        return _value(name, schema, known)
    if kind in {"integer", "number"}:
        number = _number(known, name)
        return None if number is None else _within(number, schema)
    return _text(name, schema, known)


def _text(name: str, schema: Json, known: Known) -> str | None:
    if is_reference(name):
        return next(iter([*references(known.text), *known.references]), None)
    if "email" in name.lower():
        said = _EMAIL.search(known.text)
        return said[0] if said else known.variables.get("email")
    if part := _part_of_address(name):
        return (address_in(known.text) or {}).get(part)
    return known.text[: schema.get("maxLength", 300)] or None


def address_in(text: str) -> dict[str, str] | None:
    """Return street, postcode and town in ``text``, if it has them in that order."""
    match = _ADDRESS.search(text)
    if not match:
        return None
    address = {name: value.strip() for name, value in match.groupdict().items()}
    return {**address, "street": _LEAD.sub("", address["street"])}


def can_be_looked_up(name: str) -> bool:
    """Return whether an argument called ``name`` is no secret of the customer's own."""
    return not is_of_address(name) and "email" not in name.lower()


def is_of_address(name: str) -> bool:
    """Return whether an argument called ``name`` is a part of an address."""
    return bool(_part_of_address(name))


def numbers(data: Any) -> Iterator[tuple[str, float]]:
    """Yield the numbers in a result with their names, the outermost first."""
    inner = []
    for name, value in data.items() if isinstance(data, dict) else ():
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield name, value
        elif isinstance(value, dict):
            inner.append(value)
    for one in inner:
        yield from numbers(one)


def _value(name: str, schema: Json, known: Known) -> Any:
    """Return the value of an argument, made up where nothing says what it is."""
    kind = schema.get("type", "string")
    if "enum" in schema:
        said = [one for one in schema["enum"] if str(one).lower() in known.text.lower()]
        return (said or schema["enum"])[0]
    if kind in {"boolean", "array", "object"}:
        return {"boolean": True, "array": [], "object": {}}[kind]
    value = read(name, schema, known)
    if value is not None:
        return value
    if kind in {"integer", "number"}:
        return _within(1.0, schema)
    return known.text[: schema.get("maxLength", 300)] or name


def _number(known: Known, name: str) -> float | None:
    """Return what is said or known of the number ``name``; of a sum only what is said as money."""
    named: dict[str, float] = {}
    for key, value in (pair for data in known.results for pair in numbers(data)):
        named.setdefault(key, value)
    if name in _SUMS:
        if money := _MONEY.search(known.text):
            return float((money[1] or money[2]).replace(",", "."))
        return next((named[key] for key in (name, *_SUMS) if key in named), None)
    said = _NUMBER.search(_LETTERED.sub("", known.text))
    return named.get(name, float(said[0]) if said else None)


def _within(number: float, schema: Json) -> float:
    """Return ``number`` in the bounds and of the kind that ``schema`` says."""
    number = min(max(number, schema.get("minimum", number)), schema.get("maximum", number))
    return int(number) if schema.get("type") == "integer" else number


def _part_of_address(name: str) -> str:
    parts = {"street": _STREET, "postcode": _POSTCODE, "town": _TOWN}
    return next((part for part, pattern in parts.items() if pattern.search(name)), "")
