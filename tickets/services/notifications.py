"""Notifications for the assignee of a ticket, except for their own acts."""

from datetime import datetime, timedelta
from uuid import UUID

from channels_layer.access.actors import Actor
from channels_layer.work.jobs import enqueue
from channels_layer.work.sweeper import Hint
from handoff import notifications as bell
from handoff.notifications import NotificationDraft
from tickets.models import Ticket, TicketNotification

TASK = "tickets.notify"
PATIENCE = timedelta(seconds=5)
SWEPT_AT_ONCE = 200


def assigned(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Notify the assignee that the ticket is theirs now."""
    _note(ticket, TicketNotification.Kind.ASSIGNED, by=by, at=at)


def commented(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Notify the assignee of a comment."""
    _note(ticket, TicketNotification.Kind.COMMENTED, by=by, at=at)


def reopened(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Notify the assignee that the customer wrote once more."""
    _note(ticket, TicketNotification.Kind.REOPENED, by=by, at=at)


def send(*, notification_id: UUID, at: datetime) -> bool:
    """Notify the person, in a transaction of its own; return false when it was done before."""
    notification = (
        TicketNotification.objects.select_related("ticket")
        .filter(pk=notification_id, sent_at=None)
        .first()
    )
    if notification is None:
        return False
    ticket = notification.ticket
    sent = bell.send(
        user_id=notification.user_id,
        draft=NotificationDraft(
            kind=notification.kind,
            title=f"#{ticket.number} {ticket.subject}",
            text=_sentence(notification),
            url=f"/tickets/{ticket.number}/",
            subject=ticket.topic,
            cause=f"ticket-notice:{notification.pk}",
            gathers=notification.kind == TicketNotification.Kind.COMMENTED,
        ),
        at=notification.created_at,
    )
    TicketNotification.objects.filter(pk=notification.pk).update(sent_at=at)
    return sent is not None


def due(at: datetime) -> list[Hint]:
    """Name the notifications whose hint was lost; for the sweeper."""
    waiting = TicketNotification.objects.filter(sent_at=None, created_at__lt=at - PATIENCE)
    found = waiting.order_by("created_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    return [(TASK, {"notification": str(pk)}) for pk in found]


def _note(ticket: Ticket, kind: TicketNotification.Kind, *, by: Actor, at: datetime) -> None:
    if ticket.assignee_id is None or by.reference == f"user:{ticket.assignee_id}":
        return
    notification = TicketNotification.objects.create(
        user_id=ticket.assignee_id, ticket=ticket, kind=kind, by_name=by.label[:200], created_at=at
    )
    enqueue(TASK, notification=notification.pk)


def _sentence(notification: TicketNotification) -> str:
    return {
        TicketNotification.Kind.ASSIGNED: f"{notification.by_name} assigned this ticket to you",
        TicketNotification.Kind.COMMENTED: f"{notification.by_name} commented",
        TicketNotification.Kind.REOPENED: f"{notification.by_name} wrote again; the ticket is open",
    }[TicketNotification.Kind(notification.kind)]
