"""Schemas of a description as fields of a tool."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from chats.models import HttpToolField
from chats.tools.http.openapi.document import Document, Json, Unusable

Kind = HttpToolField.Kind

LONGEST_LINE = 500
MOST_CHOICES = 200
_DEEPEST = 4
_LARGEST = 1e15
_KINDS = {"integer": Kind.INTEGER, "number": Kind.NUMBER, "boolean": Kind.BOOLEAN}
_FORMATS = {"date": Kind.DATE, "email": Kind.EMAIL, "idn-email": Kind.EMAIL}
_SCALARS = ("string", *_KINDS)
_BOUNDS = {
    "string": ("minLength", "maxLength"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "array": ("minItems", "maxItems"),
}


@dataclass(frozen=True)
class Found:
    """A value that a call takes: where it stands, and what a field says of it; or why it cannot."""

    key: str
    is_required: bool
    values: Json = field(default_factory=dict)
    obstacle: str = ""


def scalar(document: Document, node: Any) -> Json:
    """Return what a field says of a schema that is one value or a list of texts.

    :raises Unusable: it is neither.
    """
    schema = plain(document, node)
    kind = type_of(schema)
    values = {"description": _words(schema)} | _bounds(schema, kind)
    if "const" in schema and kind in _SCALARS:
        return values | _fixed(schema["const"], kind)
    if isinstance(schema.get("enum"), list):
        return values | _choices(schema["enum"], kind)
    if kind in _KINDS:
        return values | {"kind": _KINDS[kind]}
    if kind == "string":
        return values | _text(schema)
    if kind == "array":
        items = plain(document, schema.get("items", {}))
        if type_of(items) != "string":
            reason = _("it is a list of other things than texts")
            raise Unusable(reason)
        return values | {"kind": Kind.LIST}
    reason = _("it is no single value") if kind else _("it does not say what it is")
    raise Unusable(reason)


def parts(document: Document, node: Any, *, prefix: str = "", depth: int = 0) -> Iterator[Found]:
    """Yield the values within an object, those of inner objects by dotted keys.

    :raises Unusable: it is no object whose parts are named.
    """
    schema = plain(document, node)
    if type_of(schema) != "object" or not isinstance(schema.get("properties"), dict):
        reason = _("it is no object with named parts")
        raise Unusable(reason)
    required = schema.get("required")
    needed = set(map(str, required)) if isinstance(required, list) else set()
    named = [(str(name), part) for name, part in schema["properties"].items()]
    for name, part in sorted(named, key=lambda one: one[0] not in needed):
        found = Found(f"{prefix}{name}", is_required=name in needed)
        if not name or "." in name or not name.isprintable():
            yield replace(found, obstacle=_("its name cannot be written"))
        else:
            yield from _part(document, part, found, depth)


def plain(document: Document, node: Any) -> Json:
    """Return a schema without its references and unions, as far as it says one thing.

    :raises Unusable: it may be one of several things.
    """
    schema = document.resolved(node)
    if isinstance(schema.get("allOf"), list):
        schema = _merged(document, schema)
    for word in ("oneOf", "anyOf"):
        if isinstance(schema.get(word), list):
            forms = [document.resolved(form) for form in schema[word]]
            forms = [form for form in forms if form.get("type") != "null"]
            if len(forms) != 1:
                reason = _("it may be one of several things")
                raise Unusable(reason)
            schema = schema | forms[0]
    return schema


def type_of(schema: Json) -> str:
    """Return the type of a schema, in one word; empty where it says none."""
    found = schema.get("type")
    if isinstance(found, list):
        named = [one for one in found if one != "null"]
        found = named[0] if len(named) == 1 else None
    if isinstance(found, str):
        return found
    if "properties" in schema:
        return "object"
    return "string" if _is_texts(schema.get("enum")) else ""


def _part(document: Document, node: Any, found: Found, depth: int) -> Iterator[Found]:
    """Yield the value of a part, or those within it, or why there is none."""
    try:
        schema = plain(document, node)
        if schema.get("readOnly") is True:
            return
        if type_of(schema) == "object":
            for one in _inner(document, schema, found, depth):
                yield replace(one, is_required=one.is_required and found.is_required)
            return
        yield replace(found, values=scalar(document, schema))
    except Unusable as why:
        yield replace(found, obstacle=str(why))


def _inner(document: Document, schema: Json, found: Found, depth: int) -> Iterator[Found]:
    if depth >= _DEEPEST:
        reason = _("it is nested too deep")
        raise Unusable(reason)
    return parts(document, schema, prefix=f"{found.key}.", depth=depth + 1)


def _merged(document: Document, schema: Json) -> Json:
    """Return a schema with those that it builds on."""
    whole = {name: value for name, value in schema.items() if name != "allOf"}
    for one in schema["allOf"][:50]:
        base = document.resolved(one)
        if isinstance(base.get("allOf"), list):
            base = {name: value for name, value in base.items() if name != "allOf"}
        inner = {**(base.get("properties") or {}), **(whole.get("properties") or {})}
        needed = [*(base.get("required") or []), *(whole.get("required") or [])]
        whole = base | whole
        whole |= {"properties": inner} if inner else {}
        whole |= {"required": needed} if needed else {}
    return whole


def _text(schema: Json) -> Json:
    form = schema.get("format")
    if form in ("binary", "byte"):
        reason = _("it is a file")
        raise Unusable(reason)
    if form in _FORMATS:
        return {"kind": _FORMATS[str(form)]}
    most = schema.get("maxLength")
    is_long = isinstance(most, int) and most > LONGEST_LINE
    return {"kind": Kind.LONG_TEXT if is_long else Kind.TEXT}


def _choices(options: list[Any], kind: str) -> Json:
    named = [one for one in options if one is not None]
    is_listed = kind == "string" and _is_texts(named) and len(named) <= MOST_CHOICES
    if is_listed and all(one and one.strip() == one and one.isprintable() for one in named):
        return {"kind": Kind.CHOICE, "choices": "\n".join(named)}
    if kind in ("integer", "number") and named and all(isinstance(one, int) for one in named):
        return {"kind": _KINDS[kind], "minimum": min(named), "maximum": max(named)}
    if kind == "boolean":
        return {"kind": Kind.BOOLEAN}
    reason = _("its choices cannot be written one a line")
    raise Unusable(reason)


def _fixed(value: Any, kind: str) -> Json:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return {
        "kind": _KINDS.get(kind, Kind.TEXT),
        "origin": HttpToolField.Origin.FIXED,
        "fixed_value": text[:500],
    }


def _bounds(schema: Json, kind: str) -> Json:
    if kind == "string" and schema.get("format") in ("date", "date-time"):
        return {}
    names = _BOUNDS.get(kind, ())
    found = dict(zip(("minimum", "maximum"), (schema.get(name) for name in names), strict=False))
    return {
        name: float(value)
        for name, value in found.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST
    }


def _words(schema: Json) -> str:
    words = schema.get("description") or schema.get("title") or ""
    text = re.sub(r"\s+", " ", words).strip() if isinstance(words, str) else ""
    form = schema.get("format")
    if form == "date-time":
        text = f"{text} ({form}, as 2026-01-31T12:00:00Z)".strip()
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)
