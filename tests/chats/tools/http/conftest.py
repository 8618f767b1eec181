"""A shop's service on loopback, and tools that call it."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from chats.models import HttpTool, HttpToolField
from chats.tools.http import source


@pytest.fixture
def shop(settings: Settings) -> Iterator[HTTPServer]:
    """Yield the shop's server, which may be reached although it is on this machine."""
    server = HTTPServer(host="127.0.0.1")
    server.start()
    settings.OUTGOING_ALLOW = frozenset({("127.0.0.1", server.port)})
    yield server
    server.stop()


def tool(url: str, *fields: dict[str, Any], **values: Any) -> HttpTool:
    """Return an unsaved tool."""
    del fields
    usual = {"name": "call_shop", "title": "Call the shop", "description": "Calls the shop."}
    return HttpTool(**{**usual, "url": url, **values})


def field(name: str, **values: Any) -> HttpToolField:
    """Return an unsaved field."""
    return HttpToolField(name=name, **values)


def saved(url: str, *fields: dict[str, Any], **values: Any) -> HttpTool:
    """Return a tool in the database, with its fields."""
    row = tool(url, **values)
    row.save()
    for one in fields:
        HttpToolField.objects.create(tool=row, **one)
    return source.rows().get(pk=row.pk)
