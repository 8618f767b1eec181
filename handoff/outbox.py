"""The outbox of notifications: written with what happened, sent to each person by a job."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import translation

from channels_layer.work.jobs import Hint, enqueue
from handoff import notifications
from handoff.models import PendingNotification
from handoff.notifications import NotificationDraft

TASK = "handoff.notify"
PATIENCE = timedelta(seconds=5)
SWEPT_AT_ONCE = 200


def notify(
    *,
    kind: str,
    subject: str,
    params: Mapping[str, str] | None = None,
    recipient_id: int | None = None,
    at: datetime,
) -> PendingNotification:
    """Write, in the caller's transaction, what people are to be notified of.

    ``subject`` is the topic of what it is about, ``params`` what else its kind needs. Without a
    recipient the kind alone says whom it concerns. ``LookupError`` for an unknown kind.
    """
    pending = PendingNotification.objects.create(
        kind=notifications.kind_of(kind).name,
        subject=subject,
        params=dict(params or {}),
        recipient_id=recipient_id,
        created_at=at,
    )
    enqueue("handoff.notify", pending=pending.pk)
    return pending


def send(*, pending_id: UUID) -> int:
    """Notify the people whom it concerns, one per transaction; return the number of notifications.

    The row is gone afterwards; until then the same happens again, and notifies nobody twice.
    """
    pending = PendingNotification.objects.filter(pk=pending_id).first()
    if pending is None:
        return 0
    # Nobody's language is stored, so the server's is used, whoever asked for the job.
    with translation.override(settings.LANGUAGE_CODE):
        sent = _send(pending)
    PendingNotification.objects.filter(pk=pending_id).delete()
    return sent


def due(at: datetime) -> list[Hint]:
    """Return the notifications whose hint was lost, for the sweeper."""
    waiting = PendingNotification.objects.filter(created_at__lt=at - PATIENCE)
    found = waiting.order_by("created_at", "id").values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    return [(TASK, {"pending": str(key)}) for key in found]


def forget(*, subject: str) -> None:
    """Delete what is pending about ``subject``, which is being deleted."""
    PendingNotification.objects.filter(subject=subject).delete()


def _send(pending: PendingNotification) -> int:
    kind = notifications.kind_of(pending.kind)
    prepared = kind.prepare(pending)
    if prepared is None:
        return 0
    draft = NotificationDraft(
        kind=kind.name,
        title=prepared.title,
        text=prepared.text,
        url=prepared.url,
        subject=pending.subject,
        cause=pending.cause,
        gathers=kind.gathers,
    )
    sent = [
        notifications.send(user_id=user, draft=draft, at=pending.created_at)
        for user in prepared.recipients
    ]
    return sum(notification is not None for notification in sent)
