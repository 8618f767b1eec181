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

PUBLISHED_FIELDS = ("seq", "changed_at")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field's values before and after, as the ticket object shows them."""

    field: str
    before: Any = None
    after: Any = None


def created(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Publish a new ticket; it is saved already."""
    difference = Difference(field="created", after=ticket.subject)
    changes = _history(ticket, [difference], by=by, reason="", at=at)
    _publish(ticket, TICKET_CREATED, [], at=at)
    _finish(ticket, changes)


def updated(
    ticket: Ticket,
    differences: Sequence[Difference],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Write the history and publish a changed ticket; the caller saved the changed fields."""
    changes = _history(ticket, differences, by=by, reason=reason, at=at)
    _publish(ticket, TICKET_UPDATED, changes, at=at)
    _finish(ticket, changes)


def renamed(ticket: Ticket, *, at: datetime) -> None:
    """Publish the requester's new name; the ticket keeps its place in the list."""
    ticket.seq += 1
    row = selectors.ticket_object(ticket)
    events.publish(topic=ticket.topic, type=TICKET_UPDATED, data=row | {"changes": []}, at=at)
    ticket.save(update_fields=["seq"])
    _announce(row, at=at)


def commented(ticket: Ticket, comment: Comment, *, at: datetime) -> None:
    """Publish a comment; the caller saved it and the ticket's other fields."""
    (data,) = selectors.comment_objects([comment])
    ticket.seq = events.publish(topic=ticket.topic, type=TICKET_COMMENTED, data=data, at=at)
    Comment.objects.filter(pk=comment.pk).update(seq=ticket.seq)
    ticket.changed_at = at
    ticket.save(update_fields=PUBLISHED_FIELDS)
    _announce(selectors.ticket_object(ticket), at=at)


def _publish(ticket: Ticket, event: str, changes: Sequence[Change], *, at: datetime) -> None:
    # The ticket's lock is the lock of its topic, so the seq is known before it is written.
    ticket.changed_at, ticket.seq = at, ticket.seq + 1
    row = selectors.ticket_object(ticket)
    more = {"changes": [objects.published_change(one) for one in changes]} if changes else {}
    ticket.seq = events.publish(topic=ticket.topic, type=event, data=row | more, at=at)
    _announce(row, at=at)


def _finish(ticket: Ticket, changes: Sequence[Change]) -> None:
    ticket.save(update_fields=PUBLISHED_FIELDS)
    Change.objects.filter(pk__in=[change.pk for change in changes]).update(seq=ticket.seq)


def _announce(row: objects.Json, *, at: datetime) -> None:
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
