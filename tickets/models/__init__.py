"""The records of tickets, by noun."""

from tickets.models.comment import Comment
from tickets.models.history import Change
from tickets.models.ticket import Counter, Ticket, TicketConversation, TicketTag

__all__ = [
    "Change",
    "Comment",
    "Counter",
    "Ticket",
    "TicketConversation",
    "TicketTag",
]
