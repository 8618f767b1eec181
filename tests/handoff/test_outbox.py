"""The outbox of notifications: pending until each person was notified, once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext

from channels_layer import times
from channels_layer.models import Event
from handoff import notifications, outbox
from handoff.models import Notification, PendingNotification
from handoff.notifications import NotificationKind, PreparedNotification
from tests import factories
from tests.registries import restored

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

SUBJECT = "lamp:1"


def prepare(pending: PendingNotification) -> PreparedNotification | None:
    """Prepare it for the people whom ``params`` names, or nobody."""
    if not pending.params:
        return None
    users = User.objects.filter(username__in=pending.params["to"].split()).order_by("pk")
    keys = list(users.values_list("pk", flat=True))
    return PreparedNotification(recipients=keys, title=gettext("Monday"), url="/lamps/1/")


@pytest.fixture(autouse=True)
def _lamps() -> Iterator[None]:
    with restored(notifications._kinds):
        notifications.register_kinds(
            NotificationKind(name="lamp.broken", label="A lamp broke", prepare=prepare),
            NotificationKind(
                name="lamp.blinked", label="A lamp blinked", prepare=prepare, gathers=True
            ),
        )
        yield


def notify(to: str, *, kind: str = "lamp.broken", at: datetime) -> PendingNotification:
    return outbox.notify(kind=kind, subject=SUBJECT, params={"to": to}, at=at)


def test_what_is_over_costs_as_many_steps_as_were_notified(
    alice: User, bob: User, noon: datetime, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        factories.person(f"agent{number}")
    outbox.send(pending_id=notify("alice bob", at=noon).pk)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    over = outbox.withdraw(kind="lamp.broken", subject=SUBJECT, at=noon)
    with django_assert_max_num_queries(35):
        outbox.send(pending_id=over.pk)
    assert not Notification.objects.exists()


def test_what_is_over_while_it_is_sent_is_taken_back(alice: User, noon: datetime) -> None:
    prepared = [PreparedNotification(recipients=[alice.pk], title="Monday"), None]
    notifications.register_kinds(
        NotificationKind(
            name="lamp.asked", label="", prepare=lambda _: prepared.pop(0), replaces=True
        )
    )
    outbox.send(pending_id=notify("alice", kind="lamp.asked", at=noon).pk)
    assert prepared == []
    assert not Notification.objects.exists()


def test_everybody_concerned_is_notified(alice: User, bob: User, noon: datetime) -> None:
    pending = notify("alice bob", at=noon)
    assert outbox.send(pending_id=pending.pk) == 2
    assert outbox.send(pending_id=pending.pk) == 0
    assert not PendingNotification.objects.exists()
    for user in (alice, bob):
        event = Event.objects.get(topic=f"user:{user.pk}")
        assert (event.data["kind"], event.data["subject"]) == ("lamp.broken", SUBJECT)
        assert (event.data["url"], event.at) == ("/lamps/1/", noon)


def test_an_interrupted_job_notifies_only_the_others(
    alice: User, bob: User, noon: datetime
) -> None:
    pending = notify("alice", at=noon)
    outbox.send(pending_id=pending.pk)
    pending.params = {"to": "alice bob"}
    pending.save(force_insert=True)
    assert outbox.send(pending_id=pending.pk) == 1
    counts = Notification.objects.order_by("user_id").values_list("user_id", "count")
    assert list(counts) == [(alice.pk, 1), (bob.pk, 1)]


def test_what_gathers_is_counted_once_each(alice: User, noon: datetime) -> None:
    for number in range(3):
        at = noon + timedelta(seconds=number)
        pending = notify("alice", kind="lamp.blinked", at=at)
        outbox.send(pending_id=pending.pk)
        pending.save(force_insert=True)
        outbox.send(pending_id=pending.pk)
    assert Notification.objects.get().count == 3


def test_a_late_one_is_counted_and_leaves_what_is_newer(alice: User, noon: datetime) -> None:
    first = notify("alice", kind="lamp.blinked", at=noon)
    second = notify("alice", kind="lamp.blinked", at=noon + timedelta(minutes=1))
    third = notify("alice", kind="lamp.blinked", at=noon + timedelta(minutes=2))
    for pending in (first, third, second):
        outbox.send(pending_id=pending.pk)
    sent = Notification.objects.get()
    assert (sent.count, sent.created_at) == (3, third.created_at)


def test_a_job_that_dies_before_its_end_has_counted_nothing(
    alice: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = notify("alice", kind="lamp.blinked", at=noon)
    second = notify("alice", kind="lamp.blinked", at=noon + timedelta(minutes=1))
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "_remove", lambda _pending: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            outbox.send(pending_id=first.pk)
    for pending in (second, first):
        outbox.send(pending_id=pending.pk)
    assert Notification.objects.get().count == 2


def test_a_job_that_was_overtaken_notifies_nobody(
    alice: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending = notify("alice", at=noon)
    send = notifications.send

    def overtaken(**wanted: Any) -> Notification | None:
        PendingNotification.objects.update(fence=F("fence") + 1)
        return send(**wanted)

    monkeypatch.setattr(notifications, "send", overtaken)
    assert outbox.send(pending_id=pending.pk) == 0
    assert not Notification.objects.exists()
    assert PendingNotification.objects.exists()


def test_what_fails_is_tried_again_later_each_time(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending = notify("alice", at=times.now())
    PendingNotification.objects.update(kind="lamp.sold")
    pauses = []
    for _ in range(9):
        with pytest.raises(LookupError):
            outbox.send(pending_id=pending.pk)
        pending.refresh_from_db()
        assert pending.next_at is not None
        pauses.append(round((pending.next_at - times.now()).total_seconds(), -1))
    assert pauses[2:] == [20, 40, 80, 160, 320, 600, 600]
    PendingNotification.objects.update(attempts=5_000)
    with pytest.raises(LookupError):
        outbox.send(pending_id=pending.pk)
    assert outbox.due(times.now()) == []
    assert outbox.due(times.now() + timedelta(minutes=11)) != []


def test_is_written_with_what_happened_or_not_at_all(alice: User, noon: datetime) -> None:
    with transaction.atomic():
        notify("alice", at=noon)
        transaction.set_rollback(True)
    assert not PendingNotification.objects.exists()


def test_an_unknown_kind_is_refused_and_kept(alice: User, noon: datetime) -> None:
    with pytest.raises(LookupError):
        outbox.notify(kind="lamp.sold", subject=SUBJECT, at=noon)
    # A worker of a former version leaves it to a newer one.
    pending = notify("alice", at=noon)
    PendingNotification.objects.update(kind="lamp.sold")
    with pytest.raises(LookupError):
        outbox.send(pending_id=pending.pk)
    assert PendingNotification.objects.exists()


def test_what_concerns_nobody_is_done(noon: datetime) -> None:
    pending = outbox.notify(kind="lamp.broken", subject=SUBJECT, at=noon)
    assert outbox.send(pending_id=pending.pk) == 0
    assert not PendingNotification.objects.exists()


def test_goes_with_its_subject_and_with_its_recipient(alice: User, noon: datetime) -> None:
    notify("alice", at=noon)
    outbox.forget(subject="lamp:2")
    assert PendingNotification.objects.count() == 1
    outbox.forget(subject=SUBJECT)
    assert not PendingNotification.objects.exists()
    dora = factories.person("dora")
    outbox.notify(kind="lamp.broken", subject=SUBJECT, recipient_id=dora.pk, at=noon)
    dora.agent.delete()
    dora.delete()
    assert not PendingNotification.objects.exists()


def test_is_written_in_the_servers_language(alice: User, noon: datetime) -> None:
    pending = notify("alice", at=noon)
    with translation.override("de"):
        outbox.send(pending_id=pending.pk)
    assert Notification.objects.get().title == "Monday"


def test_a_lost_hint_is_swept(alice: User, noon: datetime) -> None:
    pending = notify("alice", at=noon)
    assert outbox.due(noon) == []
    later = noon + timedelta(seconds=6)
    assert outbox.due(later) == [("handoff.notify", {"pending": str(pending.pk)})]
    outbox.send(pending_id=pending.pk)
    assert outbox.due(later) == []


def test_a_kind_has_one_name() -> None:
    with pytest.raises(ValueError, match=r"lamp\.broken"):
        notifications.register_kinds(
            NotificationKind(name="lamp.broken", label="Another", prepare=prepare)
        )
