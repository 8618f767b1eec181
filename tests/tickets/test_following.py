"""What a socket may follow of tickets, and what it is sent again."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from channels_layer.access.actors import Visitor
from channels_layer.log import events, topics
from conversations.models import Conversation
from tests.api.clients import key_and_client
from tests.factories import staff
from tickets.models import Ticket

pytestmark = pytest.mark.both_databases


def test_staff_and_entitled_keys_follow(ticket: Ticket, alice: User) -> None:
    reader, _ = key_and_client("tickets:read")
    stranger, _ = key_and_client("conversations:read", "tickets:write")
    for topic in (ticket.topic, "tickets"):
        assert topics.may_follow(staff(alice), topic)
        assert topics.may_follow(reader, topic)
        assert not topics.may_follow(stranger, topic)
    assert not topics.may_follow(staff(alice), "ticket:nonsense")
    assert not topics.may_follow(staff(alice), f"tickets:{ticket.pk}")


def test_customers_do_not(ticket: Ticket, conversation: Conversation) -> None:
    assert conversation.contact_id
    victor = Visitor(conversation.contact_id, conversation.source_id)
    assert not topics.may_follow(victor, ticket.topic)
    assert not topics.may_follow(victor, "tickets")
    (frame,) = events.replay(ticket.topic, after=0, limit=5, audience="visitor") or []
    assert frame[1] == {"type": "hidden", "topic": ticket.topic, "seq": 1}


def test_rows_that_changed_lately_are_sent_again(ticket: Ticket, noon: datetime) -> None:
    kind = topics.kind_of("tickets")
    assert kind is not None
    assert kind.recent is not None
    (frame,) = kind.recent(noon - timedelta(seconds=30))
    assert (frame["type"], frame["data"]["seq"]) == ("ticket.summary", ticket.seq)
    assert list(kind.recent(noon + timedelta(seconds=30))) == []
