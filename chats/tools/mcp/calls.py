"""Checks and calls of servers. The SDK takes a second to load, so that is done by the first one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from weakref import WeakKeyDictionary

from chats.tools.mcp.faults import SLOW, McpError
from chats.tools.mcp.found import Json, Listing
from chats.tools.mcp.sessions import Endpoint, Pinned, Session

MOST_SESSIONS = 16
"""Sessions of one event loop at a time; others wait within their own time."""


@cache
def _places() -> WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]:
    return WeakKeyDictionary()


async def listing(endpoint: Endpoint) -> Listing:
    """Return all tools of a server.

    :raises McpError: it cannot be reached, is slow, or does not speak MCP.
    """
    try:
        async with asyncio.timeout(endpoint.seconds), _opened(endpoint) as session:
            return await session.listing()
    except TimeoutError:
        raise McpError(SLOW, number=f"{endpoint.seconds:g}") from None


async def call(endpoint: Endpoint, pinned: Pinned, arguments: Json) -> Json:
    """Call a tool that is still as it was pinned; return what the model is to know of the result.

    :raises McpError: as for ``listing``, or the tool is another one, or gone.
    :raises ToolSaidNoError: the tool says that it failed.
    """
    session: Session | None = None
    try:
        async with asyncio.timeout(endpoint.seconds), _opened(endpoint) as session:
            await session.require(pinned)
            return await session.call(pinned.name, arguments)
    except TimeoutError:
        if session and session.result is not None:
            return session.result
        has_called = session is not None and session.has_called
        raise McpError(SLOW, may_have_acted=has_called, number=f"{endpoint.seconds:g}") from None


@asynccontextmanager
async def _opened(endpoint: Endpoint) -> AsyncIterator[Session]:
    """Open a session when there is a place for it; loading the SDK holds up nothing else."""
    sdk = await asyncio.to_thread(import_module, "chats.tools.mcp.sdk")
    place = _places().setdefault(asyncio.get_running_loop(), asyncio.Semaphore(MOST_SESSIONS))
    async with place, sdk.session(endpoint) as session:
        yield session
