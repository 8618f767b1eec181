"""The tasks of tickets."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from tickets.services import notifications


@shared_task(name="tickets.notify")
def notify(*, notification: str) -> None:
    """Send one person a notification about a ticket."""
    notifications.send(notification_id=UUID(notification), at=timezone.now())
