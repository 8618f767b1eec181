"""Servers of tools: checked, their tools accepted, switched off when they change."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from channels_layer.access.actors import Actor
from channels_layer.errors import DomainError
from channels_layer.work.jobs import Hint
from chats import tools
from chats.models import McpServer, McpTool
from chats.tools.mcp import calls, found, source
from chats.tools.mcp.errors import ToolSaidNoError
from chats.tools.mcp.faults import McpError
from chats.tools.mcp.found import FoundTool, Json, Listing, RefusedTool
from chats.tools.mcp.sessions import Pinned
from handoff import outbox

CHANGED = "mcp_server.tools_changed"
FAILED = "mcp_server.failed"
TAKEN = gettext_noop("Another tool has this name already; give the server another prefix.")
SENTENCES = (TAKEN,)

State = McpTool.State


@dataclass(frozen=True)
class Trial:
    """What came of a trial: a result, or why there is none."""

    result: Json | None
    error: str = ""
    is_unclear: bool = False


class AnotherVersionError(DomainError):
    """The tool is not as the administrator saw it."""

    code = "another_version"
    detail = _("The server has changed this tool meanwhile. Read it again before you accept it.")


class NothingToAcceptError(DomainError):
    """The server does not have the tool."""

    code = "nothing_to_accept"
    detail = _("The server does not have this tool, so there is nothing to accept.")


class StillThereError(DomainError):
    """The server has the tool."""

    code = "still_there"
    detail = _("The server has this tool, so it cannot be removed. Switch it off instead.")


def check(*, server: McpServer, at: datetime) -> McpServer:
    """Ask a server for its tools, outside of any transaction, and record what it says."""
    try:
        listing = asyncio.run(calls.listing(source.endpoint_of(server)))
    except McpError as error:
        return _record_failure(server=server, error=str(error), at=at)
    return record(server=server, listing=listing, at=at)


@transaction.atomic
def record(*, server: McpServer, listing: Listing, at: datetime) -> McpServer:
    """Record what a server lists; an accepted tool that is another one or gone is switched off."""
    server = McpServer.objects.select_for_update(no_key=True).get(pk=server.pk)
    rows = {row.name: row for row in server.tools.order_by("id")}
    refused = list(listing.refused)
    there: set[str] = set()
    news = []
    for tool in listing.tools:
        row = rows.get(tool.name) or _new(server, tool)
        if row is None:
            refused.append(RefusedTool(tool.name, TAKEN))
            continue
        there.add(tool.name)
        news.append(_record_tool(row, tool))
    news += [_record_missing(row) for name, row in rows.items() if name not in there]
    _record_success(server, refused, at=at)
    if any(news):
        outbox.notify(kind=CHANGED, subject=server.topic, at=at)
    return server


@transaction.atomic
def accept(*, tool: McpTool, seen: str, by: Actor, at: datetime) -> McpTool:
    """Accept a tool as the administrator has ``seen`` it, by the hash of what was shown.

    :raises AnotherVersionError: it is another one by now.
    :raises NothingToAcceptError: it is gone.
    """
    McpServer.objects.select_for_update(no_key=True).get(pk=tool.server_id)
    row = McpTool.objects.select_related("server").get(pk=tool.pk)
    if row.state == State.MISSING:
        raise NothingToAcceptError
    if row.found_hash != seen:
        raise AnotherVersionError
    row.take(row.found)
    row.schema_hash, row.state = row.found_hash, State.ACCEPTED
    row.accepted_at, row.accepted_by = at, by.label[:200]
    row.save()
    if not _troubled(row.server).exists():
        outbox.withdraw(kind=CHANGED, subject=row.server.topic, at=at)
    return row


@transaction.atomic
def forget(*, tool: McpTool, at: datetime) -> None:
    """Delete a tool that the server no longer has.

    :raises StillThereError: it has it.
    """
    server = McpServer.objects.select_for_update(no_key=True).get(pk=tool.server_id)
    if not McpTool.objects.filter(pk=tool.pk, state=State.MISSING).delete()[0]:
        raise StillThereError
    if not _troubled(server).exists():
        outbox.withdraw(kind=CHANGED, subject=server.topic, at=at)


def trial(*, tool: McpTool, arguments: Json) -> Trial:
    """Call a tool as its server describes it now, accepted or not, outside of any transaction."""
    endpoint = source.endpoint_of(tool.server)
    pinned = Pinned(tool.name, tool.found_hash)
    try:
        return Trial(asyncio.run(calls.call(endpoint, pinned, arguments)))
    except McpError as error:
        return Trial(None, str(error), is_unclear=error.may_have_acted)
    except ToolSaidNoError as error:
        return Trial(None, str(error.detail))


def due() -> list[Hint]:
    """Return the checks of all servers that are in use."""
    rows = McpServer.objects.filter(is_active=True).order_by("created_at", "id")
    return [(source.CHECK, {"server": str(pk)}) for pk in rows.values_list("pk", flat=True)]


@transaction.atomic
def _record_failure(*, server: McpServer, error: str, at: datetime) -> McpServer:
    """Record that a server could not be asked; its tools stay: each call tries for itself."""
    server = McpServer.objects.select_for_update(no_key=True).get(pk=server.pk)
    was_well = server.state == McpServer.State.CONNECTED
    server.state, server.error, server.checked_at = McpServer.State.FAILED, error[:600], at
    server.save(update_fields=["state", "error", "checked_at"])
    if was_well:
        outbox.notify(kind=FAILED, subject=server.topic, at=at)
    return server


def _record_success(server: McpServer, refused: Sequence[RefusedTool], *, at: datetime) -> None:
    if server.state == McpServer.State.FAILED:
        outbox.withdraw(kind=FAILED, subject=server.topic, at=at)
    server.state, server.error, server.checked_at = McpServer.State.CONNECTED, "", at
    server.refused = [tool.as_json() for tool in refused]
    server.save(update_fields=["state", "error", "checked_at", "refused"])


def _record_tool(row: McpTool, tool: FoundTool) -> bool:
    """Store how a tool is described now; return whether that switched it off.

    One that was another one stays off, even if it is again what was accepted: a server that
    changes its tools back and forth is for a person to judge.
    """
    before = row.state
    row.found, row.found_hash = tool.as_json(), tool.hash
    if before == State.NEW:
        row.take(row.found)
    elif row.found_hash != row.schema_hash:
        row.state = State.CHANGED
    elif before == State.MISSING:
        row.state = State.ACCEPTED
    row.save()
    return row.state == State.CHANGED and before != State.CHANGED


def _record_missing(row: McpTool) -> bool:
    """Switch off a tool that is gone; return whether it was there before."""
    if row.state == State.NEW:
        row.delete()
        return False
    before, row.state = row.state, State.MISSING
    row.save(update_fields=["state"])
    return before != State.MISSING


def _new(server: McpServer, tool: FoundTool) -> McpTool | None:
    """Return a new row, None where its full name is another tool's."""
    name = found.full_name(server.prefix, tool.name)
    is_taken = McpTool.objects.filter(full_name=name).exists() or tools.find(name) is not None
    return None if is_taken else McpTool(server=server, full_name=name, name=tool.name)


def _troubled(server: McpServer) -> QuerySet[McpTool]:
    """Return the tools of a server that wait for an administrator since they changed."""
    return server.tools.filter(state__in=[State.CHANGED, State.MISSING])
