"""Packets in both directions, with a model, with a bad one, without any."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from channels_layer.access.actors import Visitor
from channels_layer.models import Event
from channels_layer.work import leases
from chats.engine.attempts import Attempt
from chats.engine.completion import Completion
from chats.engine.parts import ModelError, ModelRequest, UsageReport
from chats.models import Usage
from chats.services import packets
from conversations.models import Conversation
from conversations.selectors import conversations as selectors
from conversations.services import floor, messages
from conversations.services.messages import Draft
from handoff import services as handoff
from handoff.models import Handoff
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

GOOD = {
    "summary": "Victor's lamp flickers.",
    "goal": "A new lamp",
    "facts": ["Order 88123", "", 3],
    "tried": "A new bulb",
}


@pytest.fixture(autouse=True)
def _no_pause(settings: LazySettings) -> None:
    settings.SEND_INTERVAL_SECONDS = 0


def model(answer: Any) -> Callable[[ModelRequest], Completion]:
    """Return a model that always returns ``answer``, or fails with it."""

    def complete(request: ModelRequest) -> Completion:
        requests.append(request)
        if isinstance(answer, Exception):
            raise answer
        text = answer if isinstance(answer, str) else orjson.dumps(answer).decode()
        return Completion(text, (Attempt(UsageReport(input=10, output=5), text),))

    return complete


requests: list[ModelRequest] = []


@pytest.fixture
def waiting(conversation: Conversation, noon: datetime) -> Conversation:
    """Return a conversation in which Victor has written and requests a person."""
    requests.clear()
    says(conversation, "My lamp flickers, order 88123", noon)
    says(conversation, "I want a new one", noon + timedelta(minutes=1))
    handoff.join(
        floor=conversation,
        by=visitor(conversation),
        reason="asks for a person",
        at=noon + timedelta(minutes=2),
    )
    return conversation


def visitor(conversation: Conversation) -> Visitor:
    assert conversation.contact is not None
    return Visitor(conversation.contact.pk, conversation.source_id, "Victor")


def says(conversation: Conversation, text: str, at: datetime) -> None:
    messages.customer_message(
        conversation=conversation, by=visitor(conversation), draft=Draft(text=text), at=at
    )


def write(answer: Any, at: datetime) -> bool:
    """Do the job of every handoff."""
    return any(
        packets.write(handoff_id=handoff.pk, complete=model(answer), at=at)
        for handoff in Handoff.objects.all()
    )


def packet_of(conversation: Conversation) -> Any:
    return Handoff.objects.get(conversation=conversation).packet


def test_the_packet_for_the_person_is_a_summary(waiting: Conversation, noon: datetime) -> None:
    assert write(GOOD, noon)
    assert packet_of(waiting) == {
        "summary": "Victor's lamp flickers.",
        "goal": "A new lamp",
        "facts": ["Order 88123", "3"],
        "tried": ["A new bulb"],
        "by": "model",
    }
    assert "customer: My lamp flickers" in str(requests[0].messages)
    event = Event.objects.get(topic=waiting.topic, type="handoff.packet")
    assert event.data["direction"] == "request"
    assert event.data["packet"]["goal"] == "A new lamp"
    waiting.refresh_from_db()
    assert waiting.seq == event.seq
    assert Usage.objects.get(conversation=waiting).purpose == Usage.Purpose.PACKET


def test_it_is_tried_again_later_after_whatever_went_wrong(
    waiting: Conversation, noon: datetime
) -> None:
    with pytest.raises(TypeError):
        write(object(), noon)
    row = Handoff.objects.get()
    assert (row.attempts, row.lease_until) == (1, None)
    assert row.next_at is not None
    assert list(packets.due(row.next_at - timedelta(seconds=1))) == []
    assert list(packets.due(row.next_at))
    assert write(GOOD, noon)
    assert Handoff.objects.get().attempts == 0, "the packet of the return begins anew"


def test_a_packet_that_fails_for_ever_is_written_without_the_model(
    waiting: Conversation, noon: datetime
) -> None:
    Handoff.objects.update(attempts=3)
    assert write(GOOD, noon)
    assert packet_of(waiting)["by"] == "rules"
    assert requests == []


def test_it_is_written_once(waiting: Conversation, noon: datetime) -> None:
    assert list(packets.due(noon))
    assert write(GOOD, noon)
    assert not write(GOOD, noon)
    assert list(packets.due(noon)) == []
    assert len(requests) == 1


@pytest.mark.parametrize(
    "answer", [ModelError("timeout"), "no JSON", "{", "[]", '{"summary": ""}', {"goal": "x"}, ""]
)
def test_without_a_good_answer_it_is_written_from_what_is_known(
    waiting: Conversation, noon: datetime, answer: Any
) -> None:
    assert write(answer, noon)
    packet = packet_of(waiting)
    assert packet["by"] == "rules"
    assert packet["summary"] == "My lamp flickers, order 88123"
    assert packet["goal"] == "I want a new one"
    assert "Email: victor@example.com" in packet["facts"]


def test_json_is_found_in_prose(waiting: Conversation, noon: datetime) -> None:
    text = f"<think>{{}}</think>Sure:\n```json\n{orjson.dumps(GOOD).decode()}\n```"
    assert write(text, noon)
    assert packet_of(waiting)["by"] == "model"


def test_a_worker_that_lost_its_lease_writes_nothing(waiting: Conversation, noon: datetime) -> None:
    handoff = Handoff.objects.get()
    work = packets.take(handoff_id=handoff.pk, at=noon)
    assert work is not None
    assert packets.take(handoff_id=handoff.pk, at=noon) is None
    Handoff.objects.update(lease_until=noon - timedelta(days=9999))
    assert leases.claim(Handoff, handoff.pk, seconds=60) is not None
    assert not floor.store_packet(
        handoff=handoff, direction="request", fence=work.fence, packet=GOOD, at=noon
    )
    assert packet_of(waiting) is None


def test_the_assistant_reads_what_was_settled(
    waiting: Conversation, alice: User, noon: datetime
) -> None:
    write(GOOD, noon)
    actor = factories.staff(alice)
    later = noon + timedelta(minutes=5)
    handoff.accept(floor=waiting, by=actor, at=later)
    draft = Draft(text="A new lamp is on its way")
    messages.post(conversation=waiting, by=actor, draft=draft, at=later)
    assert packets.return_quotes(waiting.pk) == []
    handoff.release(floor=waiting, by=actor, at=later + timedelta(minutes=1))
    requests.clear()
    assert write({"summary": "A new lamp was sent.", "facts": ["Friday"]}, later)
    assert "agent: A new lamp is on its way" in str(requests[0].messages)
    assert "My lamp flickers" not in str(requests[0].messages)
    assert packets.return_quotes(waiting.pk) == ["Alice: “A new lamp is on its way”"]
    event = Event.objects.filter(topic=waiting.topic, type="handoff.packet").last()
    assert event is not None
    assert event.data["direction"] == "return"


def test_taking_over_by_writing_needs_no_packet(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    draft = Draft(text="Hello")
    messages.post(conversation=conversation, by=factories.staff(alice), draft=draft, at=noon)
    assert list(packets.due(noon)) == []


def test_a_request_that_was_withdrawn_needs_no_return_packet(
    waiting: Conversation, alice: User, noon: datetime
) -> None:
    handoff.release(floor=waiting, by=factories.staff(alice), at=noon + timedelta(minutes=3))
    assert list(packets.due(noon + timedelta(minutes=4))) == []


def test_previous_conversations_say_what_happened(
    waiting: Conversation, alice: User, noon: datetime
) -> None:
    handoff.accept(floor=waiting, by=factories.staff(alice), at=noon)
    quiet = factories.conversation(contact=waiting.contact)
    now = factories.conversation(contact=waiting.contact)
    rows = selectors.previous_of(now)
    happened = {row.pk: vars(row)["had_handoff"] for row in rows}
    assert happened == {waiting.pk: True, quiet.pk: False}
    assert {row.pk: row.has_unanswered for row in rows} == {waiting.pk: True, quiet.pk: False}
