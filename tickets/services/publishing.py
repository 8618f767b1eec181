"""Publishing a locked ticket's changes: history, events, summaries, notifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels_layer.access.actors import Actor
from channels_layer.log import events
from tickets import objects, selectors
from tickets.events import TICKET_COMMENTED, TICKET_CREATED, TICKET_SUMMARY, TICKET_UPDATED
from tickets.models import Change, Comment, Ticket


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field's values before and after, as the ticket object shows them."""

    field: str
    before: Any = None
    after: Any = None


def created(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Publish a new ticket; it is inserted already."""
    difference = Difference(field="created", after=ticket.subject)
    _history(ticket, [difference], by=by, reason="", at=at)
    ticket.changed_at = at
    _publish(ticket, TICKET_CREATED, at=at)


def updated(
    ticket: Ticket,
    differences: Sequence[Difference],
    *fields: str,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Write the history of a changed ticket, save ``fields`` with its next version, publish it."""
    ticket.version += 1
    changes = _history(ticket, differences, by=by, reason=reason, at=at)
    ticket.changed_at = at
    shown = [objects.published_change(change) for change in changes]
    _publish(ticket, TICKET_UPDATED, *fields, "version", changes=shown, at=at)


def renamed(ticket: Ticket, *fields: str, at: datetime) -> None:
    """Publish the requester's new name; the ticket keeps its place in the list."""
    _publish(ticket, TICKET_UPDATED, *fields, changes=[], at=at)


def commented(ticket: Ticket, comment: Comment, *fields: str, at: datetime) -> None:
    """Save ``fields`` of the ticket and publish a comment that is inserted already."""
    (data,) = selectors.comment_objects([comment])
    ticket.seq = events.publish(topic=ticket.topic, type=TICKET_COMMENTED, data=data, at=at)
    ticket.changed_at = at
    _finish(ticket, fields, selectors.ticket_object(ticket), at=at)


def following_seq(ticket: Ticket) -> int:
    """Return the ``seq`` of the next event of a locked ticket, whose lock is its topic's, too."""
    return ticket.seq + 1


def _publish(ticket: Ticket, event: str, *fields: str, at: datetime, **more: Any) -> None:
    ticket.seq = following_seq(ticket)
    row = selectors.ticket_object(ticket)
    events.publish(topic=ticket.topic, type=event, data=row | more, at=at)
    _finish(ticket, fields, row, at=at)


def _finish(ticket: Ticket, fields: Sequence[str], row: objects.Json, *, at: datetime) -> None:
    """Save the row once, and send it to the list."""
    ticket.save(update_fields={*fields, "seq", "changed_at"})
    events.announce(topic="tickets", type=TICKET_SUMMARY, data=row, at=at)


def _history(
    ticket: Ticket,
    differences: Sequence[Difference],
    *,
    by: Actor,
    reason: str,
    at: datetime,
) -> list[Change]:
    return Change.objects.bulk_create(
        Change(
            ticket=ticket,
            version=ticket.version,
            seq=following_seq(ticket),
            field=difference.field,
            before=difference.before,
            after=difference.after,
            actor=by.reference,
            author_name=by.label[:200],
            reason=reason[:200],
            created_at=at,
        )
        for difference in differences
    )
