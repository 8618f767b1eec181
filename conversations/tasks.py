"""Jobs of conversations."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from channels_layer.work import schedule, sweeper
from conversations.models import FileRemoval
from conversations.services import attachments, deliveries


@shared_task(name="conversations.remove_files")
def remove_files() -> None:
    """Remove files whose time has come."""
    attachments.remove_files(at=timezone.now())


@shared_task(name="conversations.drop_unused_uploads")
def drop_unused_uploads() -> None:
    """Delete uploads that no message carries."""
    attachments.drop_unused(at=timezone.now())


@shared_task(name="conversations.deliver")
def deliver(*, conversation: str) -> None:
    """Send the due deliveries of ``conversation``."""
    deliveries.deliver(conversation_id=UUID(conversation), clock=timezone.now)


def _files_due(at: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    if FileRemoval.objects.filter(due_at__lte=at).exists():
        yield "conversations.remove_files", {}


schedule.register("conversations.drop_unused_uploads", every=timedelta(hours=1))
sweeper.register("files", _files_due)
sweeper.register("deliveries", deliveries.due)
