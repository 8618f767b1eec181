"""Tasks of the widget."""

from celery import shared_task
from django.utils import timezone

from conversations.sources.widget.services import sessions


@shared_task(name="conversations.purge_visitors")
def purge() -> None:
    """Delete tokens that open no session any more, and contacts of whom nothing is known."""
    sessions.purge(at=timezone.now())
