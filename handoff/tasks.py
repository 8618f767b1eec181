"""The tasks of handoff."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from channels_layer.work import schedule
from handoff import presence


@shared_task(name="handoff.notice_absence")
def notice_absence() -> None:
    """Set agents offline who have left."""
    presence.notice_absence(at=timezone.now())


schedule.register("handoff.notice_absence", every=timedelta(seconds=10))
