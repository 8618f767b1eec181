"""The outbox of notifications: written with what happened, sent to each person by a job."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from channels_layer.prepared import Prepared, Slot
from channels_layer.work import leases
from channels_layer.work.jobs import Hint, enqueue
from handoff import notifications
from handoff.models import PendingNotification
from handoff.notifications import NotificationDraft

TASK = "handoff.notify"
PATIENCE = timedelta(seconds=5)
FIRST_PAUSE = 5.0
"""Seconds until what failed once is tried again; doubled after every further attempt."""
LONGEST_PAUSE = 600.0
DOUBLED_AT_MOST = 7
"""How often the pause is doubled: by then it is the longest."""
MOST = 200
WITHDRAWN = {"withdrawn": "yes"}
"""The params of a pending row that takes notifications back."""


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
        next_at=at + PATIENCE,
        created_at=at,
    )
    enqueue("handoff.notify", pending=pending.pk)
    return pending


def withdraw(*, kind: str, subject: str, at: datetime) -> PendingNotification:
    """Write, in the caller's transaction, that a matter is over: its notifications go."""
    return notify(kind=kind, subject=subject, params=WITHDRAWN, at=at)


def send(*, pending_id: UUID) -> int:
    """Notify the people whom it concerns, one per transaction; return the number of notifications.

    The row goes in the transaction of the last one, so nobody is notified twice. What fails is
    tried again after a pause that grows with every attempt.
    """
    rows = PendingNotification.objects.all()
    pending = leases.claimed(rows, pending_id, seconds=leases.HELD_SECONDS)
    if pending is None:
        return 0
    pause = min(FIRST_PAUSE * 2 ** min(pending.attempts - 1, DOUBLED_AT_MOST), LONGEST_PAUSE)
    held = leases.Held(PendingNotification, pending.pk, fence=pending.fence, retry_in=pause)
    # Nobody's language is stored, so the server's is used, whoever asked for the job.
    with held, translation.override(settings.LANGUAGE_CODE):
        return _send(pending)
    return 0


def _due() -> QuerySet[PendingNotification, UUID]:
    at = Slot(PendingNotification, "next_at", name="at")
    is_due = Q(next_at__isnull=True) | Q(next_at__lte=at)
    free = Q(is_due, lease_until__isnull=True) | Q(lease_until__lt=at)
    found = PendingNotification.objects.filter(free).order_by("next_at", "id")
    return found.values_list("pk", flat=True)[:MOST]


_DUE = Prepared(_due)


def due(at: datetime) -> list[Hint]:
    """Return the notifications whose hint was lost, or whose next attempt is due."""
    return [(TASK, {"pending": str(key)}) for key in _DUE.rows(at=at)]


def forget(*, subject: str) -> None:
    """Delete what is pending about ``subject``, which is being deleted."""
    PendingNotification.objects.filter(subject=subject).delete()


def _send(pending: PendingNotification) -> int:
    if pending.params == WITHDRAWN:
        _withdraw(pending)
        _remove(pending)
        return 0
    kind = notifications.kind_of(pending.kind)
    prepared = kind.prepare(pending)
    if prepared is None or not prepared.recipients:
        _remove(pending)
        return 0
    draft = NotificationDraft(
        kind=kind.name,
        title=prepared.title,
        text=prepared.text,
        url=prepared.url,
        subject=pending.subject,
        cause=pending.cause,
        gathers=kind.gathers,
        replaces=kind.replaces,
    )
    *others, last = prepared.recipients
    at = pending.created_at
    sent = [notifications.send(user_id=user, draft=draft, at=at) for user in others]
    with transaction.atomic():
        sent.append(notifications.send(user_id=last, draft=draft, at=at))
        if not _remove(pending):
            # Another worker has the row, or its subject was deleted.
            transaction.set_rollback(True)
            sent.pop()
    if kind.replaces and kind.prepare(pending) is None:
        _withdraw(pending)  # It was over before all were notified.
    return sum(notification is not None for notification in sent)


def _withdraw(pending: PendingNotification) -> None:
    """Delete all notifications of what is over, one person's per transaction."""
    for user in notifications.notified(kind=pending.kind, subject=pending.subject):
        notifications.withdraw(
            user_id=user, kind=pending.kind, subject=pending.subject, at=pending.created_at
        )


def _remove(pending: PendingNotification) -> bool:
    rows = PendingNotification.objects.filter(pk=pending.pk, fence=pending.fence)
    return rows.delete()[0] > 0
