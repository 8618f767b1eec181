"""What a call of an operation carries: its parameters and the parts of its body."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from chats.models import HttpTool, HttpToolField, url_templates
from chats.models.header_secret import RESERVED
from chats.tools.http.openapi import shapes
from chats.tools.http.openapi.document import Document, Json, Unusable
from chats.tools.http.openapi.shapes import Found

MOST_PARTS = 300
"""Parts of a body that are looked at, those that have to be there first."""
Value = tuple[str, Found]
"""A place in the request, and what stands there."""
_PLACES = {"path", "query", "header"}
_NEVER = RESERVED | {"authorization", "cookie"}
_JSON = re.compile(r"application/([\w.-]+\+)?json")
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Place:
    """Where an operation stands in its description, and what is known besides."""

    path: str
    method: str
    item: Json
    operation: Json
    address: str
    server: str


def values_of(document: Document, place: Place) -> tuple[list[Value], str]:
    """Return what a call carries, and how its body is written.

    :raises Unusable: it needs a body that a tool cannot write.
    """
    body, written = _body(document, place.operation)
    return [*_parameters(document, place), *body], written


def line(value: Any) -> str:
    """Return a text of a description in one line; nothing for what is no text."""
    return re.sub(r"\s+", " ", value).strip() if isinstance(value, str) else ""


def _parameters(document: Document, place: Place) -> Iterator[Value]:
    """Yield the parameters; those of the operation stand in place of the path's."""
    known: dict[tuple[str, str], Json] = {}
    for owner in (place.item, place.operation):
        listed = owner.get("parameters")
        for node in listed if isinstance(listed, list) else []:
            parameter = document.resolved(node)
            known[str(parameter.get("in")), str(parameter.get("name"))] = parameter
    for (where, name), parameter in known.items():
        if where != "header" or name.lower() not in _NEVER:
            yield where, _parameter(document, where, name, parameter)
    for name in url_templates.placeholders(place.path):
        if ("path", name) not in known:
            values = {"kind": HttpToolField.Kind.TEXT}
            yield "path", Found(name, is_required=True, values=values)


def _parameter(document: Document, where: str, name: str, parameter: Json) -> Found:
    found = Found(name, is_required=where == "path" or parameter.get("required") is True)
    if where not in _PLACES:
        return replace(found, obstacle=_("it is sent as a cookie"))
    try:
        values = shapes.scalar(document, parameter.get("schema", {}))
    except Unusable as why:
        return replace(found, obstacle=str(why))
    words = line(parameter.get("description"))[: shapes.LONGEST_LINE]
    return replace(found, values=values | ({"description": words} if words else {}))


def _body(document: Document, operation: Json) -> tuple[list[Value], str]:
    """Return the parts of the body, and how it is written."""
    if "requestBody" not in operation:
        return [], HttpTool.BodyFormat.JSON
    body = document.resolved(operation["requestBody"])
    content = body.get("content")
    kinds: Mapping[str, Any] = content if isinstance(content, dict) else {}
    is_needed = body.get("required") is True
    for kind, media in kinds.items():
        written = _format(str(kind))
        if written and isinstance(media, dict):
            found = _parts(document, media, written)
            values = (replace(one, is_required=one.is_required and is_needed) for one in found)
            return [("body", one) for one in values], written
    if is_needed:
        reason = _("its body is neither JSON nor a form (%(kinds)s)")
        raise Unusable(reason % {"kinds": ", ".join(map(str, kinds))[:100] or "-"})
    return [], HttpTool.BodyFormat.JSON


def _format(kind: str) -> str:
    plain = kind.partition(";")[0].strip().lower()
    if plain == _FORM:
        return HttpTool.BodyFormat.FORM
    return HttpTool.BodyFormat.JSON if _JSON.fullmatch(plain) else ""


def _parts(document: Document, media: Json, written: str) -> Iterator[Found]:
    is_form = written == HttpTool.BodyFormat.FORM
    for one in islice(shapes.parts(document, media.get("schema", {})), MOST_PARTS):
        if is_form and "." in one.key:
            yield replace(one, obstacle=_("a form has no inner objects"))
        else:
            yield one
