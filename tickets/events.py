"""The events of tickets (CONTRACT 5); a visitor sees none of them."""

from channels_layer.log.events import EventType, Kind
from channels_layer.log.events import register as register_types
from conversations.objects.message import with_links
from tickets.objects import ChangedTicket, CommentObject, TicketObject

TICKET_CREATED = "ticket.created"
TICKET_UPDATED = "ticket.updated"
TICKET_COMMENTED = "ticket.commented"
TICKET_SUMMARY = "ticket.summary"

TYPES = (
    EventType(
        name=TICKET_CREATED,
        object=TicketObject,
        kind=Kind.DURABLE,
        topic="ticket",
        summary="A ticket was raised; data is the ticket.",
    ),
    EventType(
        name=TICKET_UPDATED,
        object=ChangedTicket,
        kind=Kind.DURABLE,
        topic="ticket",
        summary="Fields or links of a ticket changed; data is the ticket with what changed.",
    ),
    EventType(
        name=TICKET_COMMENTED,
        object=CommentObject,
        kind=Kind.DURABLE,
        topic="ticket",
        summary="Somebody commented on a ticket; data is the comment.",
        present=with_links,
    ),
    EventType(
        name=TICKET_SUMMARY,
        object=TicketObject,
        kind=Kind.SUMMARY,
        topic="tickets",
        summary="A row of the tickets' list; the higher seq wins.",
    ),
)


def register() -> None:
    """Add this app's events to the catalogue."""
    register_types(*TYPES)
