"""Registrations of conversations with the layers below, at start."""

from datetime import timedelta

from channels_layer.work import audits, schedule, sweeper
from conversations import audit, consumers, events, topics
from conversations.services import attachments, deliveries, notifications


def register() -> None:
    """Fill the registries of the layers below."""
    events.register()
    topics.register()
    consumers.register()
    notifications.register()
    _register_work()
    _register_audits()


def _register_work() -> None:
    schedule.register("conversations.drop_unused_uploads", every=timedelta(hours=1))
    sweeper.register("files", attachments.removals_due)
    sweeper.register("deliveries", deliveries.due)


def _register_audits() -> None:
    audits.register("threads", audit.threads_are_whole)
    audits.register("floors", audit.floors_agree)
    audits.register("client ids", audit.acknowledged_messages_are_there)
    audits.register("files", audit.files_have_rows)
    audits.register("deliveries", audit.deliveries_agree)
    audits.register("readings", audit.files_are_read)
