"""Notifications: the assignee is notified of other people's acts."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User

from channels_layer.models import Event
from handoff.models import Notification, PendingNotification
from tests.factories import staff
from tests.handoff.sending import send_all
from tickets.models import Ticket
from tickets.services import comments, tickets
from tickets.services.comments import Remark
from tickets.services.tickets import Seen

pytestmark = pytest.mark.both_databases


def assign(ticket: Ticket, to: User, by: User, at: datetime) -> None:
    tickets.update(ticket=ticket, values={"assignee": to}, seen=Seen(), by=staff(by), at=at)


def test_the_assignee_is_notified_once(
    ticket: Ticket, alice: User, bob: User, noon: datetime
) -> None:
    assign(ticket, bob, alice, noon)
    assert send_all() == 1

    event = Event.objects.get(topic=f"user:{bob.pk}")
    assert (event.type, event.data["kind"]) == ("notification", "ticket.assigned")
    assert event.data["subject"] == ticket.topic
    assert event.data["url"] == f"/tickets/{ticket.number}/"
    assert event.data["title"] == f"#{ticket.number} {ticket.subject}"
    assert event.data["text"] == "Alice assigned this ticket to you"


def test_comments_are_gathered_into_one(
    ticket: Ticket, alice: User, bob: User, noon: datetime
) -> None:
    assign(ticket, bob, bob, noon)
    for text in ("One", "Two"):
        comments.add(ticket=ticket, remark=Remark(text=text), by=staff(alice), at=noon)
    send_all()

    row = Notification.objects.get(user=bob)
    assert (row.kind, row.text, row.count) == ("ticket.commented", "Alice commented", 2)


def test_own_acts_notify_nobody(ticket: Ticket, bob: User, noon: datetime) -> None:
    assign(ticket, bob, bob, noon)
    comments.add(ticket=ticket, remark=Remark(text="Mine"), by=staff(bob), at=noon)

    assert not PendingNotification.objects.exists()


def test_what_is_gone_is_not_told(ticket: Ticket, alice: User, bob: User, noon: datetime) -> None:
    assign(ticket, bob, alice, noon)
    ticket.delete()

    assert send_all() == 0
    assert not PendingNotification.objects.exists()
