"""Statuses that Meta reports of a sent message, of which attempt, and what follows."""

import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from conversations.models import Conversation, Delivery, Message
from conversations.services import deliveries
from conversations.sources.whatsapp import errors
from conversations.sources.whatsapp.models import Sender
from conversations.sources.whatsapp.services import quality
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import Meta, make_sender
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.conversations.sources.whatsapp.helpers import (
    NOON,
    deliver,
    only,
    requests,
    say,
    status_of,
    talk,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

State = Delivery.State
LATE = NOON + timedelta(seconds=61)


@pytest.fixture
def meta(number: Sender) -> Meta:
    """Meta's servers, which send webhooks for the number at the demo Graph."""
    return Meta(number)


def report(meta: Meta, wamid: str, state: str, code: Any = None, **more: Any) -> None:
    """Deliver a status in a webhook of its own."""
    more_errors = {"errors": [{"code": code, "title": "No."}]} if code is not None else {}
    status = payloads.status(wamid, state, **more_errors, **more)
    body = json.loads(payloads.status_body(status))
    meta.deliver({**body, "number": meta.now.timestamp()})
    meta.now += timedelta(milliseconds=1)


@pytest.mark.parametrize(("code", "kind"), [(131031, "account"), (190, "credentials")])
def test_a_failure_that_concerns_the_number_holds_it_back(
    talking: Conversation, number: Sender, meta: Meta, code: int, kind: str
) -> None:
    message = say(talking, "Hello")
    deliver(talking)
    report(meta, only().provider_id, "failed", code)
    assert status_of(message) == ("failed", errors.words(code))
    number.refresh_from_db()
    assert (number.is_paused, number.restriction_kind) == (True, kind)


def test_a_failure_that_is_repeated_holds_nothing_back(
    talking: Conversation, number: Sender, meta: Meta
) -> None:
    say(talking, "Hello")
    deliver(talking)
    report(meta, only().provider_id, "failed", 131031)
    number.refresh_from_db()
    quality.lift(sender=number, at=NOON)
    report(meta, only().provider_id, "failed", 131031)
    number.refresh_from_db()
    assert not number.is_paused


@pytest.mark.parametrize("code", [None, "", "odd"])
def test_a_failure_without_a_code_blames_nobody(
    talking: Conversation, meta: Meta, code: Any
) -> None:
    message = say(talking, "Hello")
    deliver(talking)
    report(meta, only().provider_id, "failed", code)
    status, error = status_of(message)
    assert status == "failed"
    assert "token" not in error
    assert error.startswith("WhatsApp did not deliver this")


@pytest.mark.parametrize("code", [130429, 131048, 131056, 131057])
def test_what_failed_for_a_while_is_not_said_to_be_tried_again(
    talking: Conversation, meta: Meta, code: int
) -> None:
    message = say(talking, "Hello")
    deliver(talking)
    report(meta, only().provider_id, "failed", code)
    status, error = status_of(message)
    assert status == "failed"
    assert "tried again" not in error
    assert "Send it again" in error


def test_a_status_reaches_the_messages_of_its_own_number_alone(
    talking: Conversation, meta: Meta, graph: DemoGraphServer
) -> None:
    other = make_sender(phone_number_id="2", access_token="token", app_secret="another")
    graph.add(sender_id=other.pk, phone_number_id="2")
    foreign = talk(other, "46700000001")
    message = say(foreign, "Hello")
    deliver(foreign)
    row = only()
    report(meta, row.provider_id, "failed", 131026, biz_opaque_callback_data=row.tracker)
    assert status_of(message) == ("sent", "")


def unclear(conversation: Conversation, graph: DemoGraphServer) -> str:
    """Send with an unknown outcome; return the attempt's tracker."""
    graph.fault("cut", times=1)
    say(conversation, "One")
    deliver(conversation)
    tracker = only().tracker
    assert deliver(conversation, LATE) == 1
    assert only().state == State.UNKNOWN
    return tracker


def test_a_late_failure_of_an_unclear_attempt_leaves_the_next_one_alone(
    talking: Conversation, meta: Meta, graph: DemoGraphServer
) -> None:
    former = unclear(talking, graph)
    message = only().message
    deliveries.resend(conversation=talking, message=message, at=LATE)
    report(meta, "wamid.former", "failed", 131026, biz_opaque_callback_data=former)
    assert status_of(message) == ("queued", "")
    deliver(talking, LATE)
    wamid, tracker = only().provider_id, only().tracker
    assert tracker != former
    report(meta, "wamid.former", "failed", 131026, biz_opaque_callback_data=former)
    assert (only().state, only().provider_id) == (State.SENT, wamid)
    report(meta, wamid, "delivered", biz_opaque_callback_data=tracker)
    assert status_of(message) == ("delivered", "")


def test_a_late_failure_does_not_fail_what_is_being_sent(
    talking: Conversation, meta: Meta, graph: DemoGraphServer
) -> None:
    former = unclear(talking, graph)
    deliveries.resend(conversation=talking, message=only().message, at=LATE)
    graph.fault("cut", times=1)
    deliver(talking, LATE)
    assert only().state == State.SENDING
    report(meta, "wamid.former", "failed", 131026, biz_opaque_callback_data=former)
    assert (only().state, only().provider_id) == (State.SENDING, "")
    report(meta, "wamid.present", "failed", 131026, biz_opaque_callback_data=only().tracker)
    assert (only().state, only().provider_id) == (State.FAILED, "wamid.present")


def test_an_old_failure_that_comes_again_makes_nothing_clear(
    talking: Conversation, meta: Meta, graph: DemoGraphServer
) -> None:
    message = say(talking, "One")
    deliver(talking)
    wamid, former = only().provider_id, only().tracker
    report(meta, wamid, "failed", 131026, biz_opaque_callback_data=former)
    deliveries.resend(conversation=talking, message=message, at=NOON)
    graph.fault("cut", times=1)
    deliver(talking)
    deliver(talking, LATE)
    for tracker in ({"biz_opaque_callback_data": former}, {}):
        report(meta, wamid, "failed", 131026, **tracker)
        assert status_of(message) == ("failed", deliveries.UNCLEAR)
    assert len(requests(graph)) == 2


def test_a_former_attempt_that_arrived_after_all_is_not_sent_again(
    talking: Conversation, meta: Meta, graph: DemoGraphServer
) -> None:
    former = unclear(talking, graph)
    message = only().message
    deliveries.resend(conversation=talking, message=message, at=LATE)
    report(meta, "wamid.former", "delivered", biz_opaque_callback_data=former)
    assert deliver(talking, LATE) == 0
    assert status_of(message) == ("delivered", "")


def test_stored_failures_get_the_code_of_their_delivery(
    talking: Conversation, meta: Meta, graph: DemoGraphServer
) -> None:
    cut = say(talking, "Cut")
    deliver(talking)
    Message.objects.filter(pk=cut.pk).update(error="interrupted")
    unclear = say(talking, "One")
    Delivery.objects.filter(message=unclear).update(state=State.UNKNOWN, error_code="unclear")
    for rows in (Delivery.objects.filter(message=unclear), Message.objects.filter(pk=unclear.pk)):
        rows.update(error=deliveries.UNCLEAR)
    migration = import_module("conversations.migrations.0021_error_code")
    migration.name_reasons(apps, None)
    codes = dict(Message.objects.values_list("pk", "error_code"))
    assert (codes[cut.pk], codes[unclear.pk]) == ("", "unclear")
