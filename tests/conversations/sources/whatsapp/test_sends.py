"""Sending: what people and the assistant say leaves for Meta, in order, once, or visibly not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from channels_layer.models import Event
from conversations.models import Conversation, Delivery, Message
from conversations.services import deliveries, thread
from conversations.services.thread import Entry, assistant_author
from conversations.sources.whatsapp.models import Sender
from conversations.sources.whatsapp.services import quality
from conversations.transports import ReportEffect, StatusReport
from handoff import services as handoff
from tests import factories
from tests.conversations.sources.whatsapp import helpers
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.conversations.sources.whatsapp.helpers import (
    deliver,
    only,
    requests,
    say,
    status_of,
    talk,
)
from tests.queries import conversation_writes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOON = factories.NOON
State = Delivery.State


def test_carries_a_text_to_the_phone(talking: Conversation, graph: DemoGraphServer) -> None:
    message = say(talking, "Your **lamp** is on its way.")
    assert status_of(message) == ("queued", "")
    assert deliver(talking) == 1
    [request] = requests(graph)
    assert request["text"]["body"] == "Your *lamp* is on its way."
    assert (request["to"], request["biz_opaque_callback_data"]) == (helpers.PHONE, only().tracker)
    assert only().state == State.SENT
    assert only().provider_id.startswith("wamid.")
    assert status_of(message) == ("sent", "")


def test_sends_in_order_and_once(talking: Conversation, graph: DemoGraphServer) -> None:
    for number in range(4):
        say(talking, f"Line {number}", NOON + timedelta(seconds=number))
    late = NOON + timedelta(minutes=1)
    assert deliver(talking, late) == 4
    assert deliver(talking, late) == 0
    texts = [request["text"]["body"] for request in requests(graph)]
    assert texts == [f"Line {number}" for number in range(4)]


def test_a_long_text_leaves_in_pieces(talking: Conversation, graph: DemoGraphServer) -> None:
    paragraphs = [f"{number} " + "word " * 300 for number in range(6)]
    message = say(talking, "\n\n".join(paragraphs))
    assert deliver(talking) == 3
    assert [len(one["text"]["body"]) <= 4096 for one in requests(graph)] == [True] * 3
    assert status_of(message) == ("sent", "")


def test_a_user_without_a_phone_number_is_reached(number: Sender, graph: DemoGraphServer) -> None:
    talking = talk(number, "US.13491208655302741918")
    say(talking, "Hello")
    deliver(talking)
    [request] = requests(graph)
    assert request["recipient"] == "US.13491208655302741918"
    assert "to" not in request


def both(number: Sender) -> Conversation:
    """Start a conversation with a customer whose number and user id are known."""
    talking = talk(number, "4670111222")
    factories.IdentityFactory.create(
        source=number.source, contact=talking.contact, external_id="US.13491208655302741919"
    )
    return talking


def test_a_known_user_id_is_preferred(number: Sender, graph: DemoGraphServer) -> None:
    talking = both(number)
    say(talking, "Hello")
    deliver(talking)
    [request] = requests(graph)
    assert request["recipient"] == "US.13491208655302741919"
    assert "to" not in request


def test_the_number_is_used_where_meta_wants_one(number: Sender, graph: DemoGraphServer) -> None:
    graph.fault("131062", times=1)
    talking = both(number)
    message = say(talking, "Hello")
    deliver(talking)
    first, second = requests(graph)
    assert (first.get("to"), second["to"], "recipient" in second) == (None, "4670111222", False)
    assert status_of(message) == ("sent", "")


def test_waits_for_what_could_not_leave_and_keeps_the_order(
    talking: Conversation, graph: DemoGraphServer
) -> None:
    graph.fault("429", times=1)
    first = say(talking, "One")
    say(talking, "Two")
    deliver(talking)
    assert requests(graph, "text")[1:] == []
    assert status_of(first)[0] == "queued"
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.QUEUED}
    assert deliver(talking, NOON + timedelta(seconds=1)) == 0
    assert deliver(talking, NOON + timedelta(seconds=10)) == 2
    assert [one["text"]["body"] for one in requests(graph)][-2:] == ["One", "Two"]


def test_a_refusal_is_final_and_in_plain_words(
    talking: Conversation, graph: DemoGraphServer
) -> None:
    graph.fault("131026", times=1)
    first, second = say(talking, "One"), say(talking, "Two")
    deliver(talking)
    assert status_of(first)[0] == "failed"
    assert "blocked the business" in status_of(first)[1]
    assert status_of(second) == ("sent", "")


def test_a_server_that_is_away_is_tried_again(
    talking: Conversation, settings: Settings, graph: DemoGraphServer
) -> None:
    settings.WHATSAPP_GRAPH_URL = "http://127.0.0.1:9"
    message = say(talking, "Hello")
    deliver(talking)
    assert (only().state, only().error_code) == (State.QUEUED, "unreachable")
    settings.WHATSAPP_GRAPH_URL = graph.url
    deliver(talking, NOON + timedelta(minutes=1))
    assert status_of(message) == ("sent", "")


@pytest.mark.parametrize("fault", ["cut", "cut-before", "503"])
def test_a_broken_connection_is_shown_and_never_repeated(
    talking: Conversation, graph: DemoGraphServer, fault: str
) -> None:
    graph.fault(fault, times=1)
    message, after = say(talking, "One"), say(talking, "Two")
    deliver(talking)
    assert only_state(message) == State.SENDING
    assert deliver(talking, NOON + timedelta(seconds=59)) == 0
    assert deliver(talking, NOON + timedelta(seconds=61)) == 2
    assert status_of(message) == ("failed", deliveries.UNCLEAR)
    assert only_state(message) == State.UNKNOWN
    assert status_of(after) == ("sent", "")
    assert [one["text"]["body"] for one in requests(graph)].count("One") <= 1


def only_state(message: Message) -> str:
    return Delivery.objects.get(message=message).state


def test_a_status_settles_an_unclear_attempt(talking: Conversation, graph: DemoGraphServer) -> None:
    graph.fault("cut", times=1)
    message = say(talking, "One")
    deliver(talking)
    assert report("wamid.told", "delivered", tracker=only().tracker) == ReportEffect.CHANGED
    assert (only().state, only().provider_id) == (State.DELIVERED, "wamid.told")
    assert status_of(message) == ("delivered", "")
    assert deliver(talking, NOON + timedelta(hours=1)) == 0


def report(provider_id: str, state: str, **more: Any) -> ReportEffect:
    told = StatusReport(provider_id=provider_id, state=state, **more)
    source = Conversation.objects.get().source_id
    return deliveries.record_report(source_id=source, report=told, at=NOON + timedelta(minutes=5))


def test_statuses_move_forward_only(talking: Conversation, graph: DemoGraphServer) -> None:
    message = say(talking, "One")
    deliver(talking)
    wamid = only().provider_id
    for told, shown in (
        ("read", "read"),
        ("delivered", "read"),
        ("sent", "read"),
        ("failed", "read"),
    ):
        assert report(wamid, told, error_code="131026", error="No.") != ReportEffect.UNKNOWN
        assert status_of(message) == (shown, "")
    assert report("wamid.nobody", "read") == ReportEffect.UNKNOWN


def test_what_was_sent_may_fail_later(talking: Conversation, graph: DemoGraphServer) -> None:
    message = say(talking, "One")
    deliver(talking)
    wamid = only().provider_id
    report(wamid, "failed", error_code="131049", error="Held back.")
    assert status_of(message) == ("failed", "Held back.")
    report(wamid, "delivered")
    assert status_of(message) == ("failed", "Held back.")


def test_a_message_is_as_far_as_the_least_of_its_parts(
    talking: Conversation, graph: DemoGraphServer
) -> None:
    message = say(talking, "a " * 3000)
    deliver(talking)
    first, second = Delivery.objects.order_by("part")
    report(first.provider_id, "read")
    assert status_of(message)[0] == "sent"
    report(second.provider_id, "delivered")
    assert status_of(message)[0] == "delivered"


def test_a_person_sends_again_what_failed(talking: Conversation, graph: DemoGraphServer) -> None:
    graph.fault("131026", times=1)
    message = say(talking, "One")
    deliver(talking)
    with pytest.raises(deliveries.NotFailedError):
        deliveries.resend(conversation=talking, message=say(talking, "Two"), at=NOON)
    deliveries.resend(conversation=talking, message=message, at=NOON)
    assert status_of(message) == ("queued", "")
    deliver(talking)
    assert status_of(message) == ("sent", "")


@pytest.mark.parametrize(("code", "error"), [("131026", "No."), ("131026", "Blocked"), ("", "No")])
def test_a_status_of_the_former_attempt_does_not_fail_the_new_one(
    talking: Conversation, graph: DemoGraphServer, code: str, error: str
) -> None:
    message = say(talking, "One")
    deliver(talking)
    old, tracker = only().provider_id, only().tracker
    report(old, "failed", error_code=code, error=error)
    assert status_of(message) == ("failed", error)
    deliveries.resend(conversation=talking, message=message, at=NOON)
    report(old, "failed", tracker=tracker, error_code="131026", error="No.")
    assert status_of(message) == ("queued", "")
    deliver(talking)
    assert only().provider_id != old
    assert status_of(message) == ("sent", "")


def test_an_answer_that_comes_too_late_fails_visibly(
    talking: Conversation, graph: DemoGraphServer
) -> None:
    late = NOON + timedelta(hours=25)
    entry = Entry(author=assistant_author(talking.assistant), text="At last.")
    message = thread.append(talking.locked(), entry, at=late)
    deliver(talking, late)
    assert status_of(message)[0] == "failed"
    assert "24 hours" in status_of(message)[1]
    assert requests(graph) == []


@pytest.mark.parametrize("fault", ["131026", "cut"])
def test_an_answer_that_does_not_arrive_waits_for_a_person(
    fault: str, talking: Conversation, graph: DemoGraphServer
) -> None:
    graph.fault(fault, times=1)
    entry = Entry(author=assistant_author(talking.assistant), text="Yes, until Friday.")
    thread.append(talking.locked(), entry, at=NOON)
    with conversation_writes() as writes:
        deliver(talking)
        deliver(talking, NOON + timedelta(minutes=2))
    assert len(writes) == 1
    talking.refresh_from_db()
    assert talking.control == "requested"
    assert talking.handoffs.get().reason == "An answer was not delivered"


@pytest.mark.parametrize("move", [handoff.join, handoff.end])
def test_a_person_who_is_there_or_an_end_is_not_disturbed(
    move: Callable[..., Conversation], talking: Conversation, alice: User, graph: DemoGraphServer
) -> None:
    graph.fault("131026", times=1)
    entry = Entry(author=assistant_author(talking.assistant), text="Yes, until Friday.")
    thread.append(talking.locked(), entry, at=NOON)
    control = move(floor=talking, by=factories.staff(alice), at=NOON).control
    deliver(talking)
    talking.refresh_from_db()
    assert talking.control == control
    assert not talking.handoffs.filter(reason="An answer was not delivered").exists()


def test_a_locked_account_holds_everything_back_and_loses_nothing(
    talking: Conversation, number: Sender, graph: DemoGraphServer
) -> None:
    graph.fault("131031", times=1)
    message = say(talking, "One")
    deliver(talking)
    number.refresh_from_db()
    assert number.is_paused
    assert status_of(message)[0] == "queued"
    assert deliver(talking, NOON + timedelta(minutes=10)) == 0
    quality.lift(sender=number, at=NOON + timedelta(minutes=11))
    assert deliver(talking, NOON + timedelta(minutes=11)) == 1
    assert status_of(message)[0] == "sent"


def test_quotes_what_it_answers(talking: Conversation, graph: DemoGraphServer) -> None:
    first = say(talking, "One")
    deliver(talking)
    say(talking, "Two", reply_to=UUID(str(first.pk)))
    deliver(talking)
    quoted = Delivery.objects.get(message=first).provider_id
    assert requests(graph)[-1]["context"] == {"message_id": quoted}


def test_a_worker_that_comes_back_does_not_send_again(
    talking: Conversation, graph: DemoGraphServer
) -> None:
    say(talking, "One")
    row = only()
    Delivery.objects.update(fence=7, state=State.SENDING)
    row.fence = 6
    assert not deliveries._begin(row, lambda: NOON)
    assert requests(graph) == []


def test_names_what_is_due_for_the_sweeper(talking: Conversation) -> None:
    say(talking, "One")
    hint = ("conversations.deliver", {"conversation": str(talking.pk)})
    assert list(deliveries.due(NOON)) == [hint]
    assert list(deliveries.due(NOON - timedelta(seconds=1))) == []


def test_the_status_is_published(talking: Conversation) -> None:
    message = say(talking, "Hello")
    deliver(talking)
    told = Event.objects.filter(topic=talking.topic, type="message.updated").order_by("seq")
    assert [one.data["status"] for one in told] == ["sent"]
    assert told[0].data["id"] == str(message.pk)
