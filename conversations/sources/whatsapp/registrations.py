"""Registrations of WhatsApp with the layers below, at start."""

from datetime import timedelta

from channels_layer import sentences
from channels_layer.work import audits, sweeper
from conversations import transports
from conversations.sources.whatsapp import audit, errors, panels
from conversations.sources.whatsapp.services import (
    escalations,
    events,
    groups,
    media,
    quality,
    sends,
)
from conversations.sources.whatsapp.services.intake import NOTICE, REACTED, STANDING_IN
from conversations.sources.whatsapp.services.people import PASSED_ON
from conversations.sources.whatsapp.transport import WhatsAppTransport


def register() -> None:
    """Register the source, what it adds to pages, its work and its audits."""
    transports.register(WhatsAppTransport())
    panels.register()
    _register_sentences()
    sweeper.register_job("conversations.check_senders", every=timedelta(minutes=10))
    sweeper.register_job("conversations.sync_all_templates", every=timedelta(hours=1))
    sweeper.register_job("conversations.prune_webhooks", every=timedelta(hours=6))
    sweeper.register_job("conversations.call_in", every=timedelta(minutes=1))
    sweeper.register("webhooks", events.due)
    sweeper.register("media", media.due)
    audits.register("media", audit.files_are_fetched)
    audits.register("webhooks", audit.webhooks_are_worked)


def _register_sentences() -> None:
    for module in (escalations, errors, groups, media, quality, sends):
        sentences.register(*module.SENTENCES)
    sentences.register(NOTICE, REACTED, PASSED_ON, *STANDING_IN)
