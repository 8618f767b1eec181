"""Notifications of servers of tools: whom they concern and what they say."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_layer import sentences
from chats.models import McpServer, McpTool
from chats.services import mcp
from handoff.models import Agent, PendingNotification
from handoff.notifications import NotificationKind, PreparedNotification, register_kinds

MOST_NAMED = 5


def register() -> None:
    """Register the kinds."""
    register_kinds(
        NotificationKind(
            name=mcp.CHANGED,
            label=gettext_lazy("A server changed its tools"),
            prepare=_changed,
            replaces=True,
        ),
        NotificationKind(
            name=mcp.FAILED,
            label=gettext_lazy("A server of tools cannot be reached"),
            prepare=_failed,
            replaces=True,
        ),
    )


def _changed(pending: PendingNotification) -> PreparedNotification | None:
    """Prepare it while tools wait for an administrator."""
    server = _server_of(pending)
    if server is None:
        return None
    states = [McpTool.State.CHANGED, McpTool.State.MISSING]
    rows = server.tools.filter(state__in=states).order_by("title", "id")
    titles = list(rows.values_list("title", flat=True)[: MOST_NAMED + 1])
    if not titles:
        return None
    named = ", ".join(titles[:MOST_NAMED]) + (" …" if len(titles) > MOST_NAMED else "")
    return _prepared(
        server,
        title=_("%(server)s changed its tools") % {"server": server.name},
        text=_("Switched off until you have looked at them: %(tools)s") % {"tools": named},
    )


def _failed(pending: PendingNotification) -> PreparedNotification | None:
    """Prepare it while the server cannot be asked."""
    server = _server_of(pending)
    if server is None or server.state != McpServer.State.FAILED:
        return None
    title = _("The tools of %(server)s cannot be checked") % {"server": server.name}
    return _prepared(server, title=title, text=sentences.translated(server.error))


def _server_of(pending: PendingNotification) -> McpServer | None:
    key = pending.subject.partition(":")[2]
    return McpServer.objects.filter(pk=key, is_active=True).first()


def _prepared(server: McpServer, *, title: str, text: str) -> PreparedNotification:
    rows = Agent.objects.filter(role=Agent.Role.ADMINISTRATOR, user__is_active=True)
    return PreparedNotification(
        recipients=list(rows.order_by("id").values_list("user_id", flat=True)),
        title=title,
        text=text,
        url=reverse("admin:chats_mcpserver_change", args=[server.pk]),
    )
