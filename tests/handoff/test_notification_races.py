"""Notifications of one person at the same moment: gathered into one, counted right."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from channels_layer.models import Event
from conversations.models import Conversation
from handoff import notifications, outbox
from handoff.models import Notification, PendingNotification
from handoff.notifications import NotificationDraft
from tests import factories

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT_ONCE = 8


def at_once(act: Callable[[int], object]) -> None:
    """Let several workers do something at the same moment."""
    barrier = Barrier(AT_ONCE)

    def work(number: int) -> None:
        barrier.wait(timeout=10)
        try:
            act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as workers:
        list(workers.map(work, range(AT_ONCE)))


def send_at_once(user_id: int, *, gathers: bool) -> None:
    """Let several workers notify one person at the same moment."""

    def send(number: int) -> None:
        notice = NotificationDraft(
            kind="conversation.message",
            title="Victor wrote",
            cause=f"message:{number}",
            subject="conversation:1",
            gathers=gathers,
        )
        at = factories.NOON + timedelta(seconds=number)
        notifications.send(user_id=user_id, draft=notice, at=at)

    at_once(send)


def test_what_gathers_is_one() -> None:
    alice = factories.person("alice")
    send_at_once(alice.pk, gathers=True)
    assert list(Notification.objects.values_list("count", flat=True)) == [AT_ONCE]


def test_each_event_has_the_count_that_it_made() -> None:
    alice = factories.person("alice")
    send_at_once(alice.pk, gathers=False)
    events = Event.objects.filter(topic=f"user:{alice.pk}").order_by("seq")
    assert [event.data["unread_count"] for event in events] == list(range(1, AT_ONCE + 1))


def test_what_is_pending_is_sent_once(waiting: Conversation) -> None:
    for name in ("bob", "carol", "dora"):
        factories.person(name)
    pending = PendingNotification.objects.get()
    at_once(lambda _number: outbox.send(pending_id=pending.pk))
    assert Notification.objects.filter(subject=waiting.topic).count() == 3
    assert Event.objects.filter(type="notification").count() == 3
    assert not PendingNotification.objects.exists()
