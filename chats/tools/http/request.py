"""The request of a call: address, headers and body, made of a tool and the values for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from chats.models import HttpTool, HttpToolField, url_templates
from chats.models.header_secret import validate_header_value
from chats.tools.http import addresses
from chats.tools.registry import FailedCallError

Json = dict[str, Any]
Kind, Place, Origin = HttpToolField.Kind, HttpToolField.Place, HttpToolField.Origin
_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
_YES = frozenset({"true", "yes", "1", "on"})


class UnusableValueError(FailedCallError):
    """A value cannot stand where the tool puts it; the sentence is for the model."""


@dataclass(frozen=True)
class Request:
    """What is sent; ``secrets`` are the headers that are shown to nobody."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes = b""
    secrets: Mapping[str, str] = field(default_factory=dict)


def build(
    tool: HttpTool, fields: Sequence[HttpToolField], values: Mapping[str, Any], *, key: str
) -> Request:
    """Return the request for ``values`` by the names of the fields; what is fixed comes by itself.

    ``key`` names the call where it writes, so that the other side can tell a repetition.

    :raises UnusableValueError: a value is missing, or cannot stand where the tool puts it.
    """
    known = _known(fields, values)
    placed = {place: [one for one in fields if one.place == place] for place in Place}
    headers = {"Accept": "application/json, text/plain;q=0.9, */*;q=0.1"}
    if not tool.is_reading:
        headers["Idempotency-Key"] = key
    headers |= {one.key: _header(one, known) for one in placed[Place.HEADER] if one.name in known}
    body = [one for one in placed[Place.BODY] if one.name in known]
    content = _body(tool, body, known) if placed[Place.BODY] else b""
    if placed[Place.BODY]:
        headers["Content-Type"] = _TYPES[tool.body_format]
    return Request(tool.method, _url(tool, placed, known), headers, content)


def _known(fields: Sequence[HttpToolField], values: Mapping[str, Any]) -> Json:
    """Return the values that there are, each of the kind that its field says."""
    known: Json = {}
    for one in fields:
        value = one.fixed_value if one.origin == Origin.FIXED else values.get(one.name)
        if value is None or (value == "" and one.origin != Origin.FIXED):
            if one.is_required:
                reason = f"{one.name} is missing."
                raise UnusableValueError(reason)
            continue
        known[one.name] = converted(one, value)
    return known


def converted(one: HttpToolField, value: Any) -> Any:
    """Return a value as the kind of its field has it.

    :raises UnusableValueError: it is none of that kind.
    """
    convert = _CONVERSIONS.get(Kind(one.kind))
    try:
        return convert(value) if convert else value
    except (ValueError, TypeError, ValidationError):
        reason = f"{one.name} is no {one.kind}."
        raise UnusableValueError(reason) from None


def _url(
    tool: HttpTool, placed: Mapping[HttpToolField.Place, Sequence[HttpToolField]], known: Json
) -> str:
    parts = urlsplit(tool.url)
    texts = {name: _text(value) for name, value in known.items()}
    free = {
        one.name
        for one in placed[Place.PATH]
        if one.origin != Origin.FIXED and one.kind != Kind.CHOICE
    }
    try:
        path = addresses.filled_path(parts.path, texts, free=free.__contains__)
    except addresses.UnsafeValueError as error:
        raise UnusableValueError(str(error)) from None
    pairs = addresses.filled_query(parts.query, texts)
    written = set(url_templates.placeholders(parts.query))
    for one in placed[Place.QUERY]:
        if one.name in known and one.name not in written:
            pairs += _pairs(one, known[one.name])
    url = addresses.host_part(tool.url) + (path or "/") + (f"?{'&'.join(pairs)}" if pairs else "")
    if len(url) > addresses.LONGEST:
        raise UnusableValueError("The values are too long for an address. Write shorter ones.")
    return url


def _pairs(one: HttpToolField, value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [f"{quote(one.key, safe='')}={quote(_text(item), safe='')}" for item in items]


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case list():
            return ",".join(map(str, value))
        case _:
            return str(value)


def _header(one: HttpToolField, known: Json) -> str:
    text = _text(known[one.name])
    try:
        validate_header_value(text)
    except ValidationError:
        reason = f"{one.name} has to be one line of ASCII letters."
        raise UnusableValueError(reason) from None
    return text


def _body(tool: HttpTool, body: Sequence[HttpToolField], known: Json) -> bytes:
    if tool.body_format == HttpTool.BodyFormat.FORM:
        texts = {one.key: _form_value(known[one.name]) for one in body}
        return urlencode(texts, doseq=True).encode()
    whole: Json = {}
    for one in body:
        *outer, last = one.key.split(".")
        place = whole
        for name in outer:
            place = place.setdefault(name, {})
        place[last] = known[one.name]
    return orjson.dumps(whole)


def _form_value(value: Any) -> str | list[str]:
    return [str(item) for item in value] if isinstance(value, list) else _text(value)


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, str) else value


def _answer(value: Any) -> bool:
    return value.lower() in _YES if isinstance(value, str) else bool(value)


def _email(value: str) -> str:
    validate_email(value)
    return value


def _items(value: Any) -> Any:
    return value.splitlines() if isinstance(value, str) else value


_CONVERSIONS: Mapping[HttpToolField.Kind, Callable[[Any], Any]] = {
    Kind.INTEGER: int,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _answer,
    Kind.DATE: lambda value: date.fromisoformat(value).isoformat(),
    Kind.EMAIL: _email,
    Kind.LIST: _items,
}
