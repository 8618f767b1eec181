"""What the web widget adds to the layers below, at start."""

from datetime import timedelta

from channels_layer import sentences
from channels_layer.work import sweeper
from conversations import transports
from conversations.signals import contact_merged
from conversations.sources.widget.services import sessions
from conversations.sources.widget.services.conversations import REQUESTED
from conversations.sources.widget.transport import WidgetTransport


def register() -> None:
    """Register the source, its sentence, its receiver, and the job that deletes old tokens."""
    transports.register(WidgetTransport())
    sentences.register(REQUESTED)
    contact_merged.connect(sessions.follow_merge)
    sweeper.register_job("conversations.purge_visitors", every=timedelta(hours=6))
