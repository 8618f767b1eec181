"""Raising a ticket: numbers, links, events."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from channels_layer.models import Event
from conversations.models import Conversation, Message
from tests.factories import staff
from tickets.models import Change, Priority, Ticket
from tickets.services import tickets
from tickets.services.tickets import Draft

pytestmark = pytest.mark.both_databases


def test_a_ticket_from_a_conversation_is_its_contacts(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    draft = Draft(subject="Lamp", priority=Priority.HIGH, conversation=conversation)
    ticket = tickets.create(draft=draft, by=staff(alice), at=noon)

    assert ticket.requester == conversation.contact
    assert list(ticket.conversations.all()) == [conversation]
    assert (ticket.number, ticket.version, ticket.opened_at) == (1, 1, noon)


def test_it_is_published_on_its_own_topic_and_in_the_thread(
    ticket: Ticket, conversation: Conversation
) -> None:
    event = Event.objects.get(topic=ticket.topic)
    line = Message.objects.get(conversation=conversation, kind=Message.Kind.SYSTEM)

    assert (event.type, event.seq, event.data["number"]) == ("ticket.created", 1, 1)
    assert event.data["conversations"] == [str(conversation.pk)]
    assert event.data["seq"] == ticket.seq == 1
    assert line.text == "Alice created ticket #1"
    assert not line.is_public
    assert Change.objects.get(ticket=ticket).field == "created"


def test_numbers_have_no_gaps_when_one_fails(ticket: Ticket, alice: User, noon: datetime) -> None:
    def fail() -> None:
        with transaction.atomic():
            tickets.create(draft=Draft(subject="Lost"), by=staff(alice), at=noon)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    following = tickets.create(draft=Draft(subject="Next"), by=staff(alice), at=noon)

    assert following.number == ticket.number + 1


def test_one_conversation_has_several(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    draft = Draft(subject="Another", conversation=conversation)
    other = tickets.create(draft=draft, by=staff(alice), at=noon)

    assert set(conversation.tickets.all()) == {ticket, other}
