"""The tools of servers in the catalogue: those that were ever accepted, usable or not."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db.models import QuerySet

from channels_layer.errors import DomainError
from channels_layer.work import jobs
from chats.models import McpServer, McpTool
from chats.selectors.header_secrets import headers_for
from chats.tools.catalogue import Source
from chats.tools.mcp import calls, schemas
from chats.tools.mcp.faults import CHANGED, GONE, SWITCHED_OFF, McpError
from chats.tools.mcp.found import Json
from chats.tools.mcp.sessions import Endpoint, Pinned
from chats.tools.registry import Effect, Tool, ToolContext, UnclearEffectError

CHECK = "chats.check_mcp_server"
"""The task that checks a server, so that what a call found is recorded and reported."""
EFFECTS = {McpTool.Effect.READING: Effect.READING, McpTool.Effect.WRITING: Effect.WRITING}
WHY: dict[str, str] = {McpTool.State.CHANGED: CHANGED, McpTool.State.MISSING: GONE}
"""Why a tool cannot be used, by state."""


class OutOfOrderError(DomainError):
    """The tool cannot be used now."""

    code = "out_of_order"


@dataclass(frozen=True)
class Prepared:
    """All that a call takes, so that the event loop needs no database."""

    server: UUID
    endpoint: Endpoint
    pinned: Pinned
    arguments: Json


def named(names: Collection[str]) -> list[Tool]:
    """Return the tools of these names that were ever accepted."""
    rows = _accepted().filter(full_name__in=names)
    return [tool_of(row) for row in rows]


def everything() -> list[Tool]:
    """Return all tools that were ever accepted."""
    return [tool_of(row) for row in _accepted()]


SOURCE = Source(named=named, everything=everything)


def tool_of(row: McpTool) -> Tool:
    """Return a stored tool as the catalogue has it."""
    return Tool(
        name=row.full_name,
        title=row.title,
        description=row.description or row.title,
        parameters=schemas.usable(row.parameters),
        handler=partial(prepare, row.pk),
        remote=call,
        effect=EFFECTS[McpTool.Effect(row.effect)],
        needs_approval=row.approval == McpTool.Approval.ALWAYS,
        role=row.role,
        summary=row.summary,
        is_available=row.is_usable,
    )


def endpoint_of(server: McpServer) -> Endpoint:
    """Return how a server is reached, with the secret headers of its host alone."""
    return Endpoint(server.url, float(server.seconds), headers_for(server.url))


def prepare(tool: UUID, context: ToolContext, arguments: Json) -> Prepared:
    """Return all that the call takes, if the tool is still in order.

    :raises OutOfOrderError: it is not.
    """
    del context
    row = McpTool.objects.select_related("server").get(pk=tool)
    if not row.is_usable:
        raise OutOfOrderError(WHY.get(row.state, SWITCHED_OFF))
    pinned = Pinned(row.name, row.schema_hash)
    return Prepared(row.server_id, endpoint_of(row.server), pinned, arguments)


async def call(prepared: Prepared) -> Json:
    """Call the tool, unless it is no longer as it was accepted; that is reported then.

    :raises OutOfOrderError: the server cannot be used, or has another tool by now.
    :raises UnclearEffectError: it is not known whether the tool did it.
    """
    try:
        return await calls.call(prepared.endpoint, prepared.pinned, prepared.arguments)
    except McpError as error:
        if error.is_about_tool:
            await asyncio.to_thread(jobs.hint, CHECK, {"server": str(prepared.server)})
        if error.may_have_acted:
            raise UnclearEffectError(str(error)) from error
        raise OutOfOrderError(str(error)) from error


def _accepted() -> QuerySet[McpTool]:
    rows = McpTool.objects.select_related("server").exclude(schema_hash="")
    return rows.order_by("full_name")
