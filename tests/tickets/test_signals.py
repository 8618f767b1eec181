"""Receivers of a new message: each does its part, in whatever order they are called."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User

from conversations.models import Conversation
from conversations.signals import message_written
from handoff import services as handoff
from handoff.models import PendingNotification
from tests.factories import staff
from tests.tickets.test_reopening import solve, write
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("step", [1, -1], ids=["as_connected", "the_other_way_round"])
def test_a_message_notifies_its_owner_and_reopens_the_ticket(
    step: int,
    ticket: Ticket,
    conversation: Conversation,
    alice: User,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(message_written.receivers) > 1
    monkeypatch.setattr(message_written, "receivers", message_written.receivers[::step])
    solve(ticket, alice, noon)
    handoff.take(floor=conversation, by=staff(alice), at=noon)
    PendingNotification.objects.all().delete()

    write(conversation, noon)

    ticket.refresh_from_db()
    kinds = PendingNotification.objects.values_list("kind", flat=True)
    assert (ticket.status, sorted(kinds)) == ("open", ["conversation.message", "ticket.reopened"])
