"""Notifications for the assignee of a ticket, except for their own acts."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from channels_layer import names
from channels_layer.access.actors import Actor, staff_id_of
from handoff import outbox
from handoff.models import PendingNotification
from handoff.notifications import NotificationKind, PreparedNotification, register_kinds
from tickets.models import Ticket

ASSIGNED = "ticket.assigned"
COMMENTED = "ticket.commented"
LONGEST_SUBJECT = 150
REOPENED = "ticket.reopened"

SENTENCES = {
    ASSIGNED: gettext_noop("%(name)s assigned this ticket to you"),
    COMMENTED: gettext_noop("%(name)s commented"),
    REOPENED: gettext_noop("%(name)s wrote again; the ticket is open"),
}


def register() -> None:
    """Register the kinds of this app."""
    register_kinds(
        NotificationKind(
            name=ASSIGNED, label=gettext_lazy("A ticket was assigned"), prepare=_prepare
        ),
        NotificationKind(
            name=COMMENTED,
            label=gettext_lazy("Somebody commented on a ticket"),
            prepare=_prepare,
            gathers=True,
        ),
        NotificationKind(
            name=REOPENED,
            label=gettext_lazy("A customer's message reopened a ticket"),
            prepare=_prepare,
        ),
    )


def assigned(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Notify the assignee that the ticket is theirs now."""
    _notify(ticket, ASSIGNED, by=by, at=at)


def commented(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Notify the assignee of a comment."""
    _notify(ticket, COMMENTED, by=by, at=at)


def reopened(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Notify the assignee that the customer wrote once more."""
    _notify(ticket, REOPENED, by=by, at=at)


def _notify(ticket: Ticket, kind: str, *, by: Actor, at: datetime) -> None:
    if ticket.assignee_id is None or staff_id_of(by.reference) == ticket.assignee_id:
        return
    outbox.notify(
        kind=kind,
        subject=ticket.topic,
        params={"ticket": str(ticket.pk), "by_name": by.mention},
        recipient_id=ticket.assignee_id,
        at=at,
    )


def _prepare(pending: PendingNotification) -> PreparedNotification | None:
    """Prepare it for the assignee of that moment."""
    ticket = Ticket.objects.filter(pk=pending.params["ticket"]).first()
    if ticket is None or pending.recipient_id is None:
        return None
    return PreparedNotification(
        recipients=[pending.recipient_id],
        title=f"#{ticket.number} {names.shown(ticket.subject, LONGEST_SUBJECT)}",
        text=_(SENTENCES[pending.kind]) % {"name": pending.params["by_name"]},
        url=reverse("tickets:ticket", kwargs={"number": ticket.number}),
    )
