"""A public server from a package: the reference server of time, over streamable HTTP."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import override_settings
from mcp_server_time.server import create_server  # type: ignore[import-untyped]  # it ships no types

from channels_layer.access.actors import System
from chats import tools
from chats.models import McpServer, McpTool
from chats.services import mcp
from chats.tools import Effect
from chats.tools.mcp import source
from tests.factories import NOON, AssistantFactory
from tests.servers.asgi import serving

CONTEXT: Any = None
"""These tools ask nothing of it."""


@pytest.fixture
def clock(db: None) -> Iterator[McpServer]:
    """Serve it and check it."""
    with serving(create_server("UTC").streamable_http_app()) as port:
        server = McpServer.objects.create(
            name="Time", prefix="time", url=f"http://127.0.0.1:{port}/mcp"
        )
        with override_settings(OUTGOING_ALLOW=frozenset({("127.0.0.1", port)})):
            yield mcp.check(server=server, at=NOON)


def test_its_tools_are_found_accepted_and_called(clock: McpServer) -> None:
    assert clock.state == McpServer.State.CONNECTED
    row = McpTool.objects.get(name="get_current_time")
    row = mcp.accept(tool=row, seen=row.found_hash, by=System(), at=NOON)
    prepared = source.prepare(row.pk, CONTEXT, {"timezone": "Europe/Berlin"})
    result = asyncio.run(source.call(prepared))

    assert result["data"]["timezone"] == "Europe/Berlin"
    assert datetime.fromisoformat(result["data"]["datetime"]).tzinfo is not None


@pytest.mark.usefixtures("clock")
def test_assistants_have_them_under_their_own_names() -> None:
    for row in McpTool.objects.all():
        mcp.accept(tool=row, seen=row.found_hash, by=System(), at=NOON)
    ada = AssistantFactory.create(tools=["time_convert_time", "time_get_current_time"])
    offered = tools.offer(ada).tools

    assert [tool.name for tool in offered] == ["time_convert_time", "time_get_current_time"]
    assert offered[1].title == "Get current time"
    assert (offered[1].effect, offered[1].needs_approval) == (Effect.WRITING, True)
