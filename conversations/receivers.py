"""Receivers of the signals of conversations, and of Django's."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models.signals import post_delete

from channels_layer import search
from conversations.models import Attachment, Conversation, Message
from conversations.search import CONVERSATIONS
from conversations.services import attachments, notifications
from conversations.signals import message_written


def connect() -> None:
    """Connect the receivers."""
    message_written.connect(notify_people)
    post_delete.connect(forget_files, sender=Attachment)
    search.heal_after_migrations(apps.get_app_config("conversations"), CONVERSATIONS)


def notify_people(
    *, conversation: Conversation, message: Message, at: datetime, **signal: Any
) -> None:
    """Notify the people whom a new message concerns."""
    del signal
    notifications.write(conversation, message, at)


def forget_files(*, instance: Attachment, **signal: Any) -> None:
    """Let the files of a deleted attachment be removed."""
    del signal
    attachments.forget_files(instance)
