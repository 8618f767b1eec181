"""Webhook events: worked in order, by one at a time, taken over from the dead, kept for a while."""

from datetime import timedelta
from typing import cast

import pytest
from celery import current_app
from django.contrib.auth.models import User
from django.db.models.functions import Now
from django.test import Client

from channels_layer.work import audits, leases
from conversations.models import Conversation, Message
from conversations.sources.whatsapp import parser
from conversations.sources.whatsapp.models import Inbound, Sender, WebhookEvent
from conversations.sources.whatsapp.services import events, intake
from tests import factories
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import Meta, noon, said, the_conversation

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def stored(sender: Sender, text: str, **after: float) -> WebhookEvent:
    """Store an event that is not processed yet."""
    at = noon(**after)
    events.store(sender=sender, body=payloads.body(payloads.text(text, wamid=text)), at=at)
    return WebhookEvent.objects.order_by("-received_at")[0]


def hold(event: WebhookEvent, *, attempts: int = 1) -> None:
    """Let another worker be at an event."""
    soon = Now() + timedelta(seconds=60)
    WebhookEvent.objects.filter(pk=event.pk).update(lease_until=soon, attempts=attempts, fence=7)


def let_go(event: WebhookEvent) -> None:
    """Let the worker die, and time go by."""
    past = Now() - timedelta(seconds=1)
    WebhookEvent.objects.filter(pk=event.pk).update(lease_until=past)


def test_are_worked_in_the_order_in_which_they_came(meta: Meta, sender: Sender) -> None:
    stored(sender, "second", seconds=2)
    stored(sender, "first", seconds=1)
    meta.later(seconds=5)
    assert said() == ["first", "second"]


def test_wait_for_an_older_one_that_a_worker_is_at(meta: Meta, sender: Sender) -> None:
    first = stored(sender, "first")
    stored(sender, "second", seconds=1)
    hold(first)
    meta.later(seconds=5)
    assert said() == []
    let_go(first)
    meta.work()
    assert said() == ["first", "second"]


def test_are_not_held_up_by_one_that_failed_before(meta: Meta, sender: Sender) -> None:
    hold(stored(sender, "first"), attempts=2)
    stored(sender, "second", seconds=1)
    meta.later(seconds=5)
    assert said() == ["second"]


def test_are_swept_until_they_are_done(meta: Meta, sender: Sender) -> None:
    hint = ("conversations.work_webhooks", {"sender": str(sender.pk)})
    event = stored(sender, "Hi")
    assert list(events.due(noon())) == [hint]
    hold(event)
    assert list(events.due(noon(seconds=5))) == []
    let_go(event)
    assert list(events.due(noon(seconds=5))) == [hint]
    meta.later(seconds=5)
    assert list(events.due(noon(days=1))) == []


def test_the_task_works_them(sender: Sender) -> None:
    stored(sender, "Hi")
    current_app.tasks["conversations.work_webhooks"](sender=str(sender.pk))
    assert said() == ["Hi"]


@pytest.mark.parametrize("is_written", [False, True])
def test_a_worker_that_died_is_followed_by_another(
    meta: Meta, sender: Sender, *, is_written: bool
) -> None:
    event = stored(sender, "Hi")
    hold(event)
    if is_written:  # it died between writing and saying so
        (incoming,) = parser.parse(event.body).messages
        intake.take(sender=sender, incoming=incoming, is_last=False, at=meta.now)
    let_go(event)
    meta.work()
    event.refresh_from_db()
    assert (said(), event.state) == (["Hi"], "done")


def test_a_worker_that_comes_back_from_the_dead_writes_nothing(sender: Sender) -> None:
    rows = WebhookEvent.objects.all()
    event = leases.claimed(rows, stored(sender, "Hi").pk, seconds=1)
    assert event
    hold(event)
    events._work(event, at=noon())
    event.refresh_from_db()
    assert (event.state, said()) == ("queued", [])


def test_one_without_its_message_counts_as_none(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    Message.objects.all().delete()
    meta.send(payloads.text("Hi"), messaging_product="again")
    meta.send(payloads.reaction("👍", "wamid.1", wamid="2"))
    assert (said(), Inbound.objects.count()) == ([], 2)


def test_a_deleted_conversation_does_not_come_back(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    the_conversation().delete()
    meta.send(payloads.text("Hi"), messaging_product="again")
    assert not Conversation.objects.exists()


def test_can_be_worked_again(meta: Meta, sender: Sender) -> None:
    change = payloads.value(payloads.text("Hi"), metadata={"phone_number_id": "7"})
    meta.deliver(payloads.envelope(change))
    for _ in range(2):
        meta.later(days=1)
    event = meta.event()
    assert (event.state, event.attempts) == ("failed", 3)

    Sender.objects.filter(pk=sender.pk).update(phone_number_id="7")
    assert events.work_again(events=WebhookEvent.objects.all(), at=meta.now) == 1
    meta.work()
    event.refresh_from_db()
    assert (event.state, event.error, said()) == ("done", "", ["Hi"])


def test_one_for_a_number_that_is_entered_later_is_taken_in_then(
    meta: Meta, sender: Sender
) -> None:
    change = payloads.value(payloads.text("Hi"), metadata={"phone_number_id": "7"})
    meta.deliver(payloads.envelope(change))
    for _ in range(30):
        meta.later(minutes=5)
    assert "StrangeNumberError" in meta.event().error
    assert meta.event().attempts < 25
    Sender.objects.filter(pk=sender.pk).update(phone_number_id="7")
    meta.later(hours=1)
    assert (meta.event().state, said()) == ("done", ["Hi"])


def test_one_that_cannot_be_taken_in_fails_after_a_day(meta: Meta) -> None:
    change = payloads.value(payloads.text("Hi"), metadata={"phone_number_id": "7"})
    meta.deliver(payloads.envelope(change))
    for _ in range(23):
        meta.later(hours=1)
        assert meta.event().state == "queued"
    for _ in range(2):
        meta.later(hours=1)
    assert meta.event().state == "failed"


def test_patience_begins_with_the_first_attempt(meta: Meta, sender: Sender) -> None:
    body = payloads.status_body(payloads.status("wamid.ours", "delivered"))
    events.store(sender=sender, body=body, at=noon())
    for _ in range(10):
        meta.later(hours=1 if meta.now == noon() else 0, seconds=5)
    assert meta.event().state == "queued"
    for _ in range(4):
        meta.later(seconds=5)
    assert meta.event().state == "done"


def test_one_that_nobody_can_read_is_set_aside_and_holds_up_no_other(
    meta: Meta, sender: Sender
) -> None:
    rows = WebhookEvent.objects.all()
    poison = leases.claimed(rows, stored(sender, "Hi").pk, seconds=1, begun_at=noon())
    assert poison
    poison.body = cast("str", 7)
    events._work(poison, at=noon())
    poison.refresh_from_db()
    assert (poison.state, poison.lease_until) == ("queued", None)
    assert "TypeError" in poison.error


def failed(meta: Meta) -> WebhookEvent:
    """Return an event with a message that could not be taken in for a day."""
    change = payloads.value(payloads.text("Hi"), metadata={"phone_number_id": "7"})
    meta.deliver(payloads.envelope(change))
    for _ in range(2):
        meta.later(days=1)
    assert meta.event().state == "failed"
    return meta.event()


def test_the_body_of_one_that_failed_stays(meta: Meta) -> None:
    event = failed(meta)
    assert events.prune(at=noon(days=40)) == 0
    event.refresh_from_db()
    assert event.body


def test_bodies_are_emptied_after_a_month_and_the_digest_stays(meta: Meta, sender: Sender) -> None:
    body = payloads.body(payloads.text("Hi"))
    meta.deliver(body)
    waiting = stored(sender, "Ho", seconds=1)
    assert events.prune(at=noon(days=29)) == 0
    assert events.prune(at=noon(days=31)) == 1
    done = WebhookEvent.objects.exclude(pk=waiting.pk).get()
    assert (done.body, len(done.digest)) == ("", 64)
    assert not events.store(sender=sender, body=body, at=noon(days=31))
    assert events.work_again(events=[done], at=meta.now) == 0


def test_an_administrator_can_let_them_be_worked_again(
    meta: Meta, client: Client, django_user_model: type[User]
) -> None:
    client.force_login(django_user_model.objects.create_superuser("dora"))
    meta.deliver(b"{")
    asked = {"action": "work_again", "_selected_action": [str(meta.event().pk)]}
    response = client.post("/admin/whatsapp/webhookevent/", asked, follow=True)
    assert "Worked again: 1." in response.content.decode()
    assert meta.event().state == "queued"


def test_the_auditor_sees_what_nobody_works(sender: Sender) -> None:
    event = stored(sender, "Hi")

    def found(*, is_strict: bool, seconds: int) -> list[str]:
        scope = audits.Scope(at=noon(seconds=seconds), is_strict=is_strict)
        return [finding for check, finding in audits.findings(scope) if check == "webhooks"]

    assert found(is_strict=False, seconds=10) == []
    assert found(is_strict=True, seconds=10) == [f"webhook {event.pk} was not worked"]
    assert found(is_strict=False, seconds=20) == [f"webhook {event.pk} was not worked"]


def test_the_auditor_sees_what_was_never_taken_in(meta: Meta) -> None:
    event = failed(meta)
    meta.deliver(b"{")

    def found(*, is_strict: bool) -> list[str]:
        scope = audits.Scope(at=noon(days=3), is_strict=is_strict)
        return [finding for check, finding in audits.findings(scope) if check == "webhooks"]

    assert found(is_strict=True) == [f"webhook {event.pk} holds messages that were not taken in"]
    assert found(is_strict=False) == []


def test_administrators_see_in_the_inbox_what_is_not_taken_in(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    page = f"/conversations/{the_conversation().pk}/"
    change = payloads.value(payloads.text("Ho"), metadata={"phone_number_id": "7"})
    meta.deliver(payloads.envelope(change))
    for _ in range(3):
        meta.later(minutes=1)
    for name, role, is_shown in (("dora", "administrator", True), ("alice", "agent", False)):
        client = Client()
        client.force_login(factories.person(name, role=role))
        shown = client.get(page).content.decode()
        assert ("could not be taken in" in shown) == is_shown
