"""A renamed requester: their tickets follow."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from channels_layer.log import events
from channels_layer.models import Event
from conversations.models import Conversation
from conversations.services import contacts
from tests.factories import staff
from tickets import search, selectors
from tickets.models import Ticket
from tickets.services import tickets
from tickets.services.tickets import Draft

pytestmark = pytest.mark.both_databases


def numbers(text: str, by: User) -> list[int]:
    found = search.matching(selectors.tickets(staff(by)), text)
    return list(found.values_list("number", flat=True))


def test_tickets_are_found_by_the_new_name(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    tickets.create(draft=Draft(subject="Nobody asked"), by=staff(alice), at=noon)
    former = conversation.contact
    assert former
    at = noon + timedelta(hours=1)
    contacts.update(contact=former, name="Wilhelmina", email="w@example.com", at=at)

    assert numbers("wilhelmina", alice) == [ticket.number]
    assert numbers("victor", alice) == []


def test_it_is_published_without_a_new_place_in_the_list(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    assert conversation.contact
    contacts.update(contact=conversation.contact, name="Wilhelmina", at=noon + timedelta(hours=1))

    event = Event.objects.get(topic=ticket.topic, type="ticket.updated")
    before, ticket = ticket, Ticket.objects.get(pk=ticket.pk)
    assert event.data["requester"]["name"] == "Wilhelmina"
    assert (
        event.data["seq"] == event.seq == ticket.seq == before.seq + 1 == events.head(ticket.topic)
    )
    assert (ticket.changed_at, ticket.version) == (noon, before.version)
