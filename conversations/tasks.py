"""Jobs of conversations."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

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
