"""What tickets add to the layers below, at start: entries of registries, receivers of signals."""

from django.apps import apps

from channels_layer import search, sentences
from chats import tools
from conversations import panels
from conversations.signals import contact_changed, contact_merged, message_written
from tickets import events, topics
from tickets.search import TICKETS
from tickets.services import notifications, tickets
from tickets.tools import TOOL
from tickets.views import pages


def register() -> None:
    """Fill the registries of the layers below, and connect the receivers."""
    events.register()
    topics.register()
    notifications.register()
    sentences.register(tickets.CREATED, tickets.LINKED, tickets.UNLINKED)
    sentences.register(tickets.WROTE_AGAIN, tickets.MERGED)
    tools.register(TOOL)
    panels.register_panel(pages.PANEL)
    panels.register_icon(tickets.LINE, "ticket")
    _connect()


def _connect() -> None:
    contact_changed.connect(tickets.rewrite_of)
    contact_merged.connect(tickets.follow_merge)
    message_written.connect(tickets.reopen_of)
    search.heal_after_migrations(apps.get_app_config("tickets"), TICKETS)
