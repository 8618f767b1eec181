"""Accepted tools as assistants use them: made by a run, refused, reported, or unclear."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from channels_layer.access.actors import System
from chats import tools
from chats.models import McpServer, McpTool
from chats.services import mcp
from chats.tools import Tool, UnclearEffectError
from chats.tools.mcp.source import OutOfOrderError
from tests.factories import NOON
from tests.fakes import mcp_server
from tests.fakes.mcp_server import FakeMcp, tool

pytestmark = pytest.mark.django_db
CONTEXT: Any = None
Call = Callable[[], Any]


@pytest.fixture
def call(url: str) -> Call:
    """Return what calls an accepted tool as a run does: prepared in a thread, then on the loop."""
    server = McpServer.objects.create(name="Shop", prefix="shop", url=url, seconds=5)
    mcp.check(server=server, at=NOON)
    row = McpTool.objects.get()
    mcp.accept(tool=row, seen=row.found_hash, by=System(), at=NOON)
    found = tools.find("shop_look_up_order")
    assert found
    assert found.remote
    return lambda: _called(found)


def _called(found: Tool) -> Any:
    async def make() -> Any:
        assert found.remote
        return await found.remote(prepared)

    prepared = found.handler(CONTEXT, {"number": "ORD-1"})
    return asyncio.run(make())


def test_a_run_gets_what_the_tool_says(call: Call, fake: FakeMcp) -> None:
    assert call() == {"text": "It is on its way."}
    assert fake.calls[0]["arguments"] == {"number": "ORD-1"}


def test_a_lost_answer_leaves_it_unclear(call: Call, fake: FakeMcp) -> None:
    fake.fate_of_calls = mcp_server.CUT
    with pytest.raises(UnclearEffectError):
        call()

    assert len(fake.calls) == 1


def test_what_changed_since_the_last_check_is_not_called(call: Call, fake: FakeMcp) -> None:
    fake.tools = [tool(description="Another tool.")]
    with pytest.raises(OutOfOrderError, match="until an administrator accepts it"):
        call()

    assert not fake.calls


def test_a_server_that_is_away_is_a_failure(call: Call, fake: FakeMcp) -> None:
    fake.fate = mcp_server.UNAUTHORISED
    with pytest.raises(OutOfOrderError, match="answered with an error"):
        call()
