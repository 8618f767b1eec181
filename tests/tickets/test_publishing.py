"""A change of a ticket: one UPDATE of its row, none of its history, one event."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_layer.models import Event
from tests.factories import staff
from tickets.models import Change, Comment, Priority, Ticket
from tickets.services import comments, tickets
from tickets.services.comments import Remark
from tickets.services.tickets import Seen

pytestmark = pytest.mark.both_databases

WRITTEN = ("tickets_ticket", "tickets_change", "tickets_comment")


def updates(change: Callable[[], object]) -> list[str]:
    """Make a change and return the tables whose rows were updated."""
    with CaptureQueriesContext(connection) as queries:
        change()
    return [
        table
        for query in queries
        for table in WRITTEN
        if query["sql"].startswith(f'UPDATE "{table}"')
    ]


def test_changing_fields(ticket: Ticket, alice: User, noon: datetime) -> None:
    values = {"priority": Priority.URGENT, "subject": "Lamp, again"}
    written = updates(
        lambda: tickets.update(ticket=ticket, values=values, seen=Seen(), by=staff(alice), at=noon)
    )
    assert written == ["tickets_ticket"]
    event = Event.objects.get(type="ticket.updated")
    assert set(Change.objects.filter(version=2).values_list("seq", flat=True)) == {event.seq}
    ticket.refresh_from_db()
    assert (ticket.subject, ticket.version, ticket.seq) == ("Lamp, again", 2, event.seq)


def test_commenting(ticket: Ticket, alice: User, noon: datetime) -> None:
    remark = Remark(text="The carrier pays.")
    written = updates(lambda: comments.add(ticket=ticket, remark=remark, by=staff(alice), at=noon))
    assert written == ["tickets_ticket"]
    event = Event.objects.get(type="ticket.commented")
    assert Comment.objects.get().seq == event.seq
    ticket.refresh_from_db()
    assert (ticket.comment_count, ticket.seq) == (1, event.seq)
