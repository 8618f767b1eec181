"""Notices: what the assignee of a ticket hears of, unless they did it themselves."""

from datetime import datetime, timedelta
from uuid import UUID

from channels_layer.access.actors import Actor
from channels_layer.work.jobs import enqueue
from channels_layer.work.sweeper import Hint
from handoff import notifications
from tickets.models import Notice, Ticket

TASK = "tickets.notify"
PATIENCE = timedelta(seconds=5)
SWEPT_AT_ONCE = 200


def assigned(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Note that the ticket is the assignee's now."""
    _note(ticket, Notice.Kind.ASSIGNED, by=by, at=at)


def commented(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Note that somebody commented."""
    _note(ticket, Notice.Kind.COMMENTED, by=by, at=at)


def reopened(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Note that the customer wrote once more."""
    _note(ticket, Notice.Kind.REOPENED, by=by, at=at)


def send(*, notice_id: UUID, at: datetime) -> bool:
    """Tell the person, in a transaction of its own; false when it was done before."""
    notice = Notice.objects.select_related("ticket").filter(pk=notice_id, sent_at=None).first()
    if notice is None:
        return False
    ticket = notice.ticket
    told = notifications.give(
        user_id=notice.user_id,
        notice=notifications.Notice(
            kind=notice.kind,
            title=f"#{ticket.number} {ticket.subject}",
            text=_sentence(notice),
            url=f"/tickets/{ticket.number}/",
            subject=ticket.topic,
            cause=f"ticket-notice:{notice.pk}",
            gathers=notice.kind == Notice.Kind.COMMENTED,
        ),
        at=notice.created_at,
    )
    Notice.objects.filter(pk=notice.pk).update(sent_at=at)
    return told is not None


def due(at: datetime) -> list[Hint]:
    """Name the notices whose hint was lost; for the sweeper."""
    waiting = Notice.objects.filter(sent_at=None, created_at__lt=at - PATIENCE)
    found = waiting.order_by("created_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    return [(TASK, {"notice": str(pk)}) for pk in found]


def _note(ticket: Ticket, kind: Notice.Kind, *, by: Actor, at: datetime) -> None:
    if ticket.assignee_id is None or by.reference == f"user:{ticket.assignee_id}":
        return
    notice = Notice.objects.create(
        user_id=ticket.assignee_id, ticket=ticket, kind=kind, by_name=by.label[:200], created_at=at
    )
    enqueue(TASK, notice=notice.pk)


def _sentence(notice: Notice) -> str:
    return {
        Notice.Kind.ASSIGNED: f"{notice.by_name} assigned this ticket to you",
        Notice.Kind.COMMENTED: f"{notice.by_name} commented",
        Notice.Kind.REOPENED: f"{notice.by_name} wrote again; the ticket is open",
    }[Notice.Kind(notice.kind)]
