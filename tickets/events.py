"""The events of tickets (CONTRACT 5)."""

from channels_layer.log.events import EventType
from channels_layer.log.events import register as register_type
from conversations.presenters import with_links
from tickets.presenters import COMMENT_KEYS, TICKET_KEYS

TICKET_CREATED = "ticket.created"
TICKET_UPDATED = "ticket.updated"
TICKET_COMMENTED = "ticket.commented"
TICKET_SUMMARY = "ticket.summary"


def register() -> None:
    """Add this app's events to the catalogue; a visitor sees none of them."""
    for name, fields, summary in (
        (TICKET_CREATED, TICKET_KEYS, "A ticket was raised; data is the ticket."),
        (
            TICKET_UPDATED,
            (*TICKET_KEYS, "changes"),
            "Fields or links of a ticket changed; data is the ticket with what changed.",
        ),
    ):
        register_type(
            EventType(name=name, kind="durable", topic="ticket", fields=fields, summary=summary)
        )
    register_type(
        EventType(
            name=TICKET_COMMENTED,
            kind="durable",
            topic="ticket",
            fields=COMMENT_KEYS,
            summary="Somebody commented on a ticket; data is the comment.",
            present=with_links,
        )
    )
    register_type(
        EventType(
            name=TICKET_SUMMARY,
            kind="summary",
            topic="tickets",
            fields=TICKET_KEYS,
            summary="A row of the tickets' list; the higher seq wins.",
        )
    )
