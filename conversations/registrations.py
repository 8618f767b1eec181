"""What conversations add to the layers below, at start: entries of registries, receivers."""

from datetime import timedelta

from django.apps import apps
from django.db.models.signals import post_delete

from channels_layer import search, sentences
from channels_layer.work import audits, sweeper
from conversations import audit, consumers, events, topics
from conversations.files import documents, images
from conversations.models import Attachment
from conversations.search import CONVERSATIONS
from conversations.services import attachments, deliveries, notifications
from conversations.signals import message_written


def register() -> None:
    """Fill the registries of the layers below, and connect the receivers."""
    events.register()
    topics.register()
    consumers.register()
    notifications.register()
    _register_sentences()
    _register_work()
    _register_audits()
    _connect()


def _register_sentences() -> None:
    sentences.register(deliveries.UNCLEAR, deliveries.GIVEN_UP, deliveries.NOT_DELIVERED)
    sentences.register(attachments.NOT_STORED, *documents.SENTENCES, *images.SENTENCES)


def _register_work() -> None:
    sweeper.register_job("conversations.drop_unused_uploads", every=timedelta(hours=1))
    sweeper.register("files", attachments.removals_due)
    sweeper.register("deliveries", deliveries.due)


def _register_audits() -> None:
    audits.register("threads", audit.threads_are_whole)
    audits.register("floors", audit.floors_agree)
    audits.register("client ids", audit.acknowledged_messages_are_there)
    audits.register("files", audit.files_have_rows)
    audits.register("deliveries", audit.deliveries_agree)
    audits.register("readings", audit.files_are_read)


def _connect() -> None:
    message_written.connect(notifications.write)
    post_delete.connect(attachments.forget_files, sender=Attachment)
    search.heal_after_migrations(apps.get_app_config("conversations"), CONVERSATIONS)
