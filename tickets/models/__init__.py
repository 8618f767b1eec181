"""The records of tickets, by noun."""

from tickets.models.comment import Comment
from tickets.models.history import Change
from tickets.models.ticket import (
    DONE,
    NEVER_DUE,
    PRIORITY_WORDS,
    UNDONE,
    Counter,
    Priority,
    Status,
    Ticket,
    TicketConversation,
    TicketQuerySet,
    TicketTag,
)

__all__ = [
    "DONE",
    "NEVER_DUE",
    "PRIORITY_WORDS",
    "UNDONE",
    "Change",
    "Comment",
    "Counter",
    "Priority",
    "Status",
    "Ticket",
    "TicketConversation",
    "TicketQuerySet",
    "TicketTag",
]
