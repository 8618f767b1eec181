"""The workers' part of tickets."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from tickets.services import notices


@shared_task(name="tickets.notify")
def notify(*, notice: str) -> None:
    """Tell one person of what happened to a ticket."""
    notices.send(notice_id=UUID(notice), at=timezone.now())
