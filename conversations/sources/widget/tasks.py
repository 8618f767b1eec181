"""Tasks of the widget."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from channels_layer.work import schedule
from conversations.sources.widget.services import sessions


@shared_task(name="conversations.purge_visitors")
def purge() -> None:
    """Delete tokens that open no session any more, and contacts of whom nothing is known."""
    sessions.purge(at=timezone.now())


schedule.register("conversations.purge_visitors", every=timedelta(hours=6))
