"""The operations of a description: what a tool of each would be, and why some cannot be one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from chats.models import HttpTool
from chats.models.http_tool import LONGEST_NAME, LONGEST_URL
from chats.tools.http.openapi import requests
from chats.tools.http.openapi.document import (
    MOST_OPERATIONS,
    DescriptionError,
    Document,
    Json,
    Unusable,
)
from chats.tools.http.openapi.fields import Fields
from chats.tools.http.openapi.requests import Place, line

_METHODS = {method.lower() for method in HttpTool.Method}
_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Operation:
    """One operation: the values of its tool and of that tool's fields.

    ``obstacle`` says why it cannot be a tool; ``left_out`` names what its tool would lack.
    """

    key: str
    tool: Json
    fields: tuple[Json, ...] = ()
    left_out: tuple[str, ...] = ()
    obstacle: str = ""

    @property
    def is_reading(self) -> bool:
        """Whether it is taken to change nothing."""
        return bool(self.tool["effect"] == HttpTool.Effect.READING)


def operations_of(document: Document, *, address: str = "", server: str = "") -> list[Operation]:
    """Return the operations of a description.

    ``address`` is where it was fetched; ``server`` stands in place of the server that it names.

    :raises DescriptionError: there are none, too many, or no server is named.
    """
    paths = document.content.get("paths")
    if not isinstance(paths, dict) or not paths:
        raise DescriptionError(_("The description has no operations: “paths” is missing or empty."))
    named = list(_named(document, paths))
    if not named:
        raise DescriptionError(
            _("The description has no operation with a method that Parley makes.")
        )
    if len(named) > MOST_OPERATIONS:
        number = {"number": len(named), "most": MOST_OPERATIONS}
        reason = _("The description has %(number)d operations; at most %(most)d can be shown.")
        raise DescriptionError(reason % number)
    return [
        _operation(document, Place(path, method, item, operation, address, server))
        for path, method, item, operation in named
    ]


def _named(document: Document, paths: Json) -> Iterator[tuple[str, str, Json, Json]]:
    for path, node in paths.items():
        try:
            item = document.resolved(node)
        except Unusable:
            continue
        for method, operation in item.items():
            is_method = str(method).lower() in _METHODS
            if is_method and isinstance(operation, dict):
                yield str(path), str(method).lower(), item, operation


def _operation(document: Document, place: Place) -> Operation:
    tool = _tool(place)
    key = f"{place.method} {place.path}"
    try:
        base = _server(document, place)
        values, tool["body_format"] = requests.values_of(document, place)
        chosen = Fields.of(values)
        tool["url"] = _address(base, chosen.path(place.path))
    except Unusable as why:
        return Operation(key, tool, obstacle=str(why))
    return Operation(key, tool, tuple(chosen.fields), tuple(chosen.left_out))


def _address(base: str, path: str) -> str:
    url = base.rstrip("/") + path
    if len(url) > LONGEST_URL:
        reason = _("its address is too long")
        raise Unusable(reason)
    return url


def _tool(place: Place) -> Json:
    """Return what a tool says of itself, without its address."""
    summary, words = (line(place.operation.get(name)) for name in ("summary", "description"))
    title = summary or f"{place.method.upper()} {place.path}"
    is_reading = place.method == "get"
    return {
        "name": _tool_name(place),
        "title": title[:120],
        "description": ("\n".join(filter(None, (summary, words))) or title)[:2000],
        "method": place.method.upper(),
        "url": "",
        "effect": HttpTool.Effect.READING if is_reading else HttpTool.Effect.WRITING,
        "approval": HttpTool.Approval.NEVER if is_reading else HttpTool.Approval.ALWAYS,
    }


def _tool_name(place: Place) -> str:
    given = place.operation.get("operationId")
    text = given if isinstance(given, str) and given else f"{place.method}_{place.path}"
    name = re.sub(r"[^A-Za-z0-9-]+", "_", text).strip("_-")
    return (name if name[:1].isalpha() else f"call_{name}")[:LONGEST_NAME].strip("_-")


def _server(document: Document, place: Place) -> str:
    """Return the address that the operation's path follows."""
    if place.server:
        return place.server
    for owner in (place.operation, place.item, document.content):
        servers = owner.get("servers")
        if isinstance(servers, list) and servers and isinstance(servers[0], dict):
            url = urljoin(place.address, _without_variables(servers[0]))
            break
    else:
        url = urljoin(place.address, "/") if place.address else ""
    if urlsplit(url).scheme not in ("https", "http") or not urlsplit(url).hostname:
        reason = _("the description names no server; enter its address above")
        raise Unusable(reason)
    if "{" in url:
        reason = _("a part of its server's address has no value; enter the address above")
        raise Unusable(reason)
    return url.partition("?")[0].partition("#")[0]


def _without_variables(server: Json) -> str:
    variables = server.get("variables")
    known = variables if isinstance(variables, dict) else {}

    def value(match: re.Match[str]) -> str:
        variable = known.get(match[1])
        found = variable.get("default") if isinstance(variable, dict) else None
        return str(found) if found is not None else match[0]

    return _VARIABLE.sub(value, str(server.get("url", "")))
