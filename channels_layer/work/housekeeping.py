"""Deleting what is past its retention time: old events, first answers, sessions."""

from datetime import datetime, timedelta

from axes.models import AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Max

from channels_layer.models import Event, IdempotencyRecord

ANSWERS_KEPT = timedelta(hours=24)
LOGINS_KEPT = timedelta(days=90)
TOPICS_AT_ONCE = 500


def purge(*, at: datetime) -> dict[str, int]:
    """Delete what is over; return how many of each.

    Events older than ``EVENT_RETENTION_DAYS`` (90), first answers older than a day, sessions that
    have expired, and the log of who signed in after 90 days.
    """
    days = getattr(settings, "EVENT_RETENTION_DAYS", 90)
    answers, _ = IdempotencyRecord.objects.filter(created_at__lt=at - ANSWERS_KEPT).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    logins, _ = AccessLog.objects.filter(attempt_time__lt=at - LOGINS_KEPT).delete()
    return {
        "events": _purge_events(at - timedelta(days=days)),
        "answers": answers,
        "sessions": sessions,
        "logins": logins,
    }


def _purge_events(horizon: datetime) -> int:
    deleted = 0
    while tops := _tops(horizon):
        for topic, top in tops:
            # By seq, so that what is left of a topic has no gap, whatever its events' times are.
            number, _ = Event.objects.filter(topic=topic, seq__lte=top).delete()
            deleted += number
    return deleted


def _tops(horizon: datetime) -> list[tuple[str, int]]:
    old = Event.objects.filter(at__lt=horizon).order_by().values("topic")
    tops = old.annotate(top=Max("seq"))[:TOPICS_AT_ONCE]
    return [(row["topic"], row["top"]) for row in tops]
