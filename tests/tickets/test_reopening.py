"""A customer who writes again opens what was solved, for a while."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from channels_layer.access.actors import Visitor
from conversations.models import Conversation
from conversations.services import messages
from conversations.services.messages import Draft
from handoff.models import PendingNotification
from tests.factories import staff
from tickets.models import Status, Ticket
from tickets.services import tickets
from tickets.services.tickets import Seen

pytestmark = pytest.mark.both_databases


def solve(ticket: Ticket, by: User, at: datetime, status: str = Status.SOLVED) -> None:
    values = {"status": status, "assignee": by}
    tickets.update(ticket=ticket, values=values, seen=Seen(), by=staff(by), at=at)


def write(conversation: Conversation, at: datetime) -> None:
    assert conversation.contact_id
    victor = Visitor(conversation.contact_id, conversation.source_id, "Victor")
    messages.customer_message(
        conversation=conversation, by=victor, draft=Draft(text="It broke again"), at=at
    )


def test_a_reply_opens_what_was_solved(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime, settings: Settings
) -> None:
    settings.TICKET_REOPEN_DAYS = 14
    solve(ticket, alice, noon)
    write(conversation, noon + timedelta(days=13))

    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopen_count, ticket.solved_at) == (Status.OPEN, 1, None)
    change = ticket.changes.get(field="status", after="open")
    assert (change.author_name, change.reason) == ("Victor", "The customer wrote again.")
    assert PendingNotification.objects.get(subject=ticket.topic).kind == "ticket.reopened"


def test_later_it_stays_solved(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime, settings: Settings
) -> None:
    settings.TICKET_REOPEN_DAYS = 14
    solve(ticket, alice, noon)
    write(conversation, noon + timedelta(days=15))

    ticket.refresh_from_db()
    assert ticket.status == Status.SOLVED


def test_what_is_closed_or_unlinked_stays_so(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    solve(ticket, alice, noon, Status.CLOSED)
    write(conversation, noon)
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED

    solve(ticket, alice, noon)
    tickets.unlink(ticket=ticket, conversation=conversation, by=staff(alice), at=noon)
    write(conversation, noon + timedelta(minutes=1))
    ticket.refresh_from_db()
    assert ticket.status == Status.SOLVED


def test_a_colleagues_message_opens_nothing(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    solve(ticket, alice, noon)
    messages.post(conversation=conversation, by=staff(alice), draft=Draft(text="Done"), at=noon)

    ticket.refresh_from_db()
    assert ticket.status == Status.SOLVED
