"""Notifications: their kinds, and those of one person: sending, counting, marking as read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.functional import Promise

from channels_layer import times
from channels_layer.errors import NotFoundError
from channels_layer.log import events
from channels_layer.registry import Registry
from handoff import objects
from handoff.events import NOTIFICATION, NOTIFICATIONS_READ
from handoff.models import Notification, NotificationQuerySet, PendingNotification

MOST_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class NotificationDraft:
    """A notification to send: ``cause`` makes it unique, ``subject`` says what it is about.

    With ``gathers`` it is added to the count of an unread one of the same kind and subject, with
    ``replaces`` it takes the place of earlier ones.
    """

    kind: str
    title: str
    cause: str
    text: str = ""
    url: str = ""
    subject: str = ""
    gathers: bool = False
    replaces: bool = False


@dataclass(frozen=True, kw_only=True)
class PreparedNotification:
    """Whom a notification concerns, by the ids of users, what it says, and the page it opens."""

    recipients: Sequence[int]
    title: str
    text: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class NotificationKind:
    """A kind of notification, such as ``conversation.message``.

    ``prepare(pending)`` returns None when it concerns nobody any more, as when what it is about
    was deleted. With ``gathers`` it concerns one person, and is added to the count of an unread
    one of the same kind and subject. With ``replaces`` each person has the newest of a kind and
    subject alone.
    """

    name: str
    label: str | Promise
    prepare: Callable[[PendingNotification], PreparedNotification | None]
    gathers: bool = False
    replaces: bool = False


_kinds: Registry[str, NotificationKind] = Registry("kind of notification")


def register_kinds(*kinds: NotificationKind) -> None:
    """Make kinds known, of which each has a name of its own."""
    for kind in kinds:
        _kinds.register(kind.name, kind)


def kind_of(name: str) -> NotificationKind:
    """Return a registered kind.

    :raises NotRegisteredError: there is none of this name.
    """
    return _kinds[name]


def kind_names() -> list[str]:
    """List the names of all kinds, in order."""
    return sorted(_kinds)


def label_of(name: str) -> str:
    """Return a kind's name for people; that of an unknown kind is its own."""
    return str(_kinds[name].label) if name in _kinds else name


@transaction.atomic
def send(*, user_id: int, draft: NotificationDraft, at: datetime) -> Notification | None:
    """Notify one person, in a transaction; return None for a cause known already."""
    _lock(user_id)
    if draft.replaces and not _has_replaced(user_id, draft, at=at):
        return None
    gathered = _gathered(user_id, draft, at=at) if draft.gathers else None
    notification = gathered or _written(user_id, draft, at=at)
    if notification is None:
        return None
    data = objects.notification_object(notification)
    data["unread_count"] = unread_count(user_id)
    events.publish(topic=topic_of(user_id), type=NOTIFICATION, data=data, at=at)
    return notification


@transaction.atomic
def withdraw(*, user_id: int, kind: str, subject: str, at: datetime) -> None:
    """Delete a person's notifications of a matter that was over ``at`` that time."""
    _lock(user_id)
    rows = _about(user_id, kind, subject).filter(created_at__lte=at)
    unread = list(rows.unread().order_by("id").values_list("pk", flat=True))
    rows.delete()
    if unread:
        _publish_read(user_id, unread, at=at)


def notified(*, kind: str, subject: str) -> list[int]:
    """Return the ids of the users who have a notification of this kind about ``subject``."""
    rows = Notification.objects.filter(kind=kind, subject=subject)
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct())


def notifications(user: User) -> NotificationQuerySet:
    """Return a person's notifications, newest first."""
    return Notification.objects.filter(user=user).order_by("-created_at", "-id")


def unread_count(user_id: int) -> int:
    """Return the number of a person's unread notifications."""
    return Notification.objects.unread().filter(user_id=user_id).count()


def read_one(*, user: User, identifier: UUID, at: datetime) -> Notification:
    """Mark one as read; ``NotFoundError`` for another person's."""
    found = Notification.objects.filter(user=user, pk=identifier)
    if not found.exists():
        raise NotFoundError
    read(user=user, rows=found, at=at)
    return found.get()


def read_subject(*, user: User, subject: str, at: datetime) -> int:
    """Mark as read those about ``subject``, such as a conversation that was opened."""
    return read(user=user, rows=Notification.objects.filter(user=user, subject=subject), at=at)


def read(*, user: User, rows: QuerySet[Notification], at: datetime) -> int:
    """Mark these of a person's notifications as read; return how many were not before."""
    unread = rows.filter(user=user, read_at__isnull=True).order_by("id")
    if not unread.exists():
        return 0
    return _read(user, list(unread.values_list("pk", flat=True)[:MOST_AT_ONCE]), at=at)


def topic_of(user_id: int) -> str:
    """Return the durable topic of one person."""
    return f"user:{user_id}"


@transaction.atomic
def _read(user: User, keys: Sequence[UUID], *, at: datetime) -> int:
    _lock(user.pk)
    changed = Notification.objects.unread().filter(user=user, pk__in=keys).update(read_at=at)
    if changed:
        _publish_read(user.pk, keys, at=at)
    return changed


def _publish_read(user_id: int, keys: Sequence[UUID], *, at: datetime) -> None:
    data: dict[str, Any] = {
        "ids": [str(key) for key in keys],
        "read_at": times.iso(at),
        "unread_count": unread_count(user_id),
    }
    events.publish(topic=topic_of(user_id), type=NOTIFICATIONS_READ, data=data, at=at)


def _about(user_id: int, kind: str, subject: str) -> NotificationQuerySet:
    return Notification.objects.filter(user_id=user_id, kind=kind, subject=subject)


def _has_replaced(user_id: int, draft: NotificationDraft, *, at: datetime) -> bool:
    """Delete the earlier ones that ``draft`` replaces; false where a later one is there."""
    same = _about(user_id, draft.kind, draft.subject).exclude(cause=draft.cause)
    if same.filter(created_at__gt=at).exists():
        return False
    same.delete()
    return True


def _lock(user_id: int) -> None:
    """Lock the user's row: gathering and counting unread notifications runs one at a time."""
    User.objects.select_for_update(no_key=True).filter(pk=user_id).values_list("pk").first()


def _gathered(user_id: int, draft: NotificationDraft, *, at: datetime) -> Notification | None:
    same = _about(user_id, draft.kind, draft.subject).unread()
    known = same.select_for_update(no_key=True).order_by("-created_at").first()
    if known is None or known.cause == draft.cause:
        return None
    rows = Notification.objects.filter(pk=known.pk)
    rows.update(count=F("count") + 1)
    if at >= known.created_at:
        rows.update(
            title=draft.title[:200], text=draft.text[:300], cause=draft.cause, created_at=at
        )
    known.refresh_from_db()
    return known


def _written(user_id: int, draft: NotificationDraft, *, at: datetime) -> Notification | None:
    try:
        with transaction.atomic():
            return Notification.objects.create(
                user_id=user_id,
                kind=draft.kind,
                title=draft.title[:200],
                text=draft.text[:300],
                url=draft.url,
                subject=draft.subject,
                cause=draft.cause,
                created_at=at,
            )
    except IntegrityError:
        return None
