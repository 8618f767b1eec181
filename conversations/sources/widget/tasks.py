"""Tasks of the widget."""

from celery import shared_task
from django.utils import timezone

from conversations.sources.widget.services import sessions


@shared_task(name="conversations.purge_visitors")
def purge() -> None:
    """Delete tokens that open nothing any more, unknown contacts, and addresses of a day ago."""
    sessions.purge(at=timezone.now())
