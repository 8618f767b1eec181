"""The SDK: sessions with a server over streamable HTTP. Imported by the first check or call."""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import orjson
from mcp import Client, ClientSession, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp.types import (
    INVALID_PARAMS,
    METHOD_NOT_FOUND,
    CallToolResult,
    Implementation,
    PaginatedRequestParams,
    TextContent,
    Tool,
)

from channels_layer import outgoing
from chats.tools.mcp import faults, found
from chats.tools.mcp.errors import ToolSaidNoError
from chats.tools.mcp.faults import McpError
from chats.tools.mcp.found import FoundTool, Json, Listing
from chats.tools.mcp.sessions import Endpoint, Pinned

MOST_TOOLS = 200
MOST_PAGES = 50
MOST_BYTES = 2_000_000
"""Bytes of one answer."""
NOT_MADE = frozenset({INVALID_PARAMS, METHOD_NOT_FOUND})
"""Codes by which a server says that it did not even try."""
NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)

# They tell of every message, and of a hostile server's with its text.
for _name in ("client", "mcp.client", "mcp.shared"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Session:
    """A session with a server; ``has_called`` says whether a tool may have been made already."""

    def __init__(self, session: ClientSession) -> None:
        """Use an open session."""
        self._session = session
        self.has_called = False
        self.result: Json | None = None

    async def listing(self) -> Listing:
        """Return all tools of the server."""
        return found.listing([tool async for tool in self._tools()])

    async def require(self, pinned: Pinned) -> None:
        """Refuse a tool that is not as it was accepted.

        :raises McpError: it is another one, or gone.
        """
        async for tool in self._tools():
            if tool.name != pinned.name:
                continue
            if tool.hash != pinned.hash:
                raise McpError(faults.CHANGED)
            return
        raise McpError(faults.GONE)

    async def call(self, name: str, arguments: Json) -> Json:
        """Call a tool and return what it says.

        :raises ToolSaidNoError: the tool says that it failed.
        """
        self.has_called = True
        result = await self._session.call_tool(name, arguments, allow_input_required=True)
        if not isinstance(result, CallToolResult):
            raise McpError(faults.QUESTION)
        if result.is_error:
            raise ToolSaidNoError(faults.reason(_text(result)) or None)
        self.result = _said(result)
        return self.result

    async def _tools(self) -> AsyncIterator[FoundTool]:
        """Yield the server's tools, page by page."""
        cursor: str | None = None
        number = 0
        for _page in range(MOST_PAGES):
            page = await self._session.list_tools(params=PaginatedRequestParams(cursor=cursor))
            for tool in page.tools:
                number += 1
                if number > MOST_TOOLS:
                    raise McpError(faults.TOO_MANY, number=MOST_TOOLS)
                yield _found(tool)
            cursor = page.next_cursor
            if cursor is None:
                return
        raise McpError(faults.TOO_MANY, number=MOST_TOOLS)


@asynccontextmanager
async def session(endpoint: Endpoint) -> AsyncIterator[Session]:
    """Open a session for as long as the block lasts.

    :raises McpError: the server cannot be reached, or does not speak MCP.
    """
    opened: Session | None = None
    try:
        network = endpoint.network or outgoing.NETWORK
        wait = httpx2.Timeout(endpoint.seconds)
        sent = dict(endpoint.headers)
        async with network.client(
            sent, wait, seconds=endpoint.seconds, most_bytes=MOST_BYTES
        ) as http:
            transport = streamable_http_client(endpoint.url, http_client=http)
            about = Implementation(name="parley", version="1")
            async with Client(transport, cache=None, client_info=about) as client:
                opened = Session(client.session)
                yield opened
    except Exception as error:
        failure = _first(error)
        if opened and opened.result is not None and not isinstance(failure, McpError):
            return  # The goodbye failed: what was asked is done.
        raise _meaning(failure, has_called=bool(opened and opened.has_called)) from error


def _first(error: Exception) -> Exception:
    """Return the first failure in a group of them."""
    while isinstance(error, BaseExceptionGroup):
        errors = [one for one in error.exceptions if isinstance(one, Exception)]
        if not errors:
            break
        error = errors[0]
    return error


def _meaning(error: Exception, *, has_called: bool) -> Exception:
    """Return what an ``error`` means to who asked."""
    why, sent = faults.NO_MCP, has_called
    said = ""
    match error:
        case MCPError(code=code, message=message):
            why, said = faults.SAID, message
            sent = has_called and code not in NOT_MADE
        case outgoing.OutgoingError():
            why, said = faults.UNREACHABLE, error.detail
            sent = has_called and error.may_have_arrived
        case httpx2.TransportError():
            why, said = faults.UNREACHABLE, str(error) or type(error).__name__
            sent = has_called and not isinstance(error, NEVER_SENT)
        case RuntimeError() | ValueError() | httpx2.HTTPError():
            pass
        case _:
            return error
    return McpError(why, may_have_acted=sent, reason=faults.reason(said))


def _found(tool: Tool) -> FoundTool:
    hints = tool.annotations
    title = tool.title or (hints.title if hints else None) or _in_words(tool.name)
    return FoundTool(
        name=tool.name,
        title=" ".join(title.split())[: found.LONGEST_TITLE],
        description=(tool.description or "").strip(),
        parameters=tool.input_schema,
        hints=hints.model_dump(exclude_none=True, exclude={"title"}) if hints else {},
    )


def _in_words(name: str) -> str:
    """Return a name as people write it: get_current_time is Get current time."""
    words = " ".join(re.split(r"[_./:-]+", name)).strip()
    return words[:1].upper() + words[1:]


def _said(result: CallToolResult) -> Json:
    """Return the result for the model: data, text where it says more, and what was left out."""
    text, data = _text(result), result.structured_content
    said: Json = {} if data is None else {"data": data}
    if text and not _repeats(text, data):
        said["text"] = text
    kinds = [content.type for content in result.content if not isinstance(content, TextContent)]
    if kinds:
        said["left_out"] = [f"One part was left out: {kind}." for kind in kinds]
    return said or {"text": ""}


def _text(result: CallToolResult) -> str:
    parts = [part.text for part in result.content if isinstance(part, TextContent)]
    return "\n\n".join(parts).strip()


def _repeats(text: str, data: Any) -> bool:
    """Return whether ``text`` says what ``data`` says already."""
    if data is None:
        return False
    if isinstance(data, dict) and list(data) == ["result"] and data["result"] == text:
        return True
    try:
        return bool(orjson.loads(text) == data)
    except orjson.JSONDecodeError:
        return False
