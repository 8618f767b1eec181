"""The tasks of handoff."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from handoff import outbox, presence


@shared_task(name="handoff.notice_absence")
def notice_absence() -> None:
    """Set agents offline who have left."""
    presence.notice_absence(at=timezone.now())


@shared_task(name="handoff.notify")
def notify(*, pending: str) -> None:
    """Send a pending notification to the people whom it concerns."""
    outbox.send(pending_id=UUID(pending))
