"""Notifications: the assignee is notified of other people's acts."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from channels_layer.models import Event
from tests.factories import staff
from tickets.models import Ticket, TicketNotification
from tickets.services import comments, notifications, tickets
from tickets.services.comments import Remark
from tickets.services.tickets import Seen

pytestmark = pytest.mark.both_databases


def assign(ticket: Ticket, to: User, by: User, at: datetime) -> None:
    tickets.update(ticket=ticket, values={"assignee": to}, seen=Seen(), by=staff(by), at=at)


def test_the_assignee_is_notified_once(
    ticket: Ticket, alice: User, bob: User, noon: datetime
) -> None:
    assign(ticket, bob, alice, noon)
    notification = TicketNotification.objects.get()
    assert notifications.send(notification_id=notification.pk, at=noon)
    assert not notifications.send(notification_id=notification.pk, at=noon)

    event = Event.objects.get(topic=f"user:{bob.pk}")
    assert (event.type, event.data["kind"]) == ("notification", "ticket.assigned")
    assert event.data["subject"] == ticket.topic
    assert event.data["url"] == f"/tickets/{ticket.number}/"
    assert "Alice" in event.data["text"]


def test_own_acts_notify_nobody(ticket: Ticket, bob: User, noon: datetime) -> None:
    assign(ticket, bob, bob, noon)
    comments.add(ticket=ticket, remark=Remark(text="Mine"), by=staff(bob), at=noon)

    assert not TicketNotification.objects.exists()


def test_a_lost_hint_is_swept(ticket: Ticket, alice: User, bob: User, noon: datetime) -> None:
    assign(ticket, bob, alice, noon)
    notification = TicketNotification.objects.get()

    assert notifications.due(noon) == []
    later = noon + timedelta(seconds=10)
    assert notifications.due(later) == [("tickets.notify", {"notification": str(notification.pk)})]
    notifications.send(notification_id=notification.pk, at=later)
    assert notifications.due(later) == []
