"""Registrations of tickets with the layers below, at start."""

from chats import tools
from conversations import panels
from tickets import events, topics
from tickets.services import notifications
from tickets.services.tickets import LINE
from tickets.tools import TOOL
from tickets.views import panel


def register() -> None:
    """Fill the registries of the layers below."""
    events.register()
    topics.register()
    notifications.register()
    tools.register(TOOL)
    panels.register_panel(panel.PANEL)
    panels.register_icon(LINE, "ticket")
