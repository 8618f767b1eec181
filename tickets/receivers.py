"""Receivers of new messages and of renamed contacts."""

from datetime import datetime

from channels_layer.access.actors import Actor, System, Visitor
from conversations.models import AuthorKind, Contact, Conversation, Message
from tickets.services import tickets


def reopen_tickets(conversation: Conversation, message: Message, at: datetime) -> None:
    """Reopen solved tickets when their customer writes; the conversation is locked."""
    if message.author_kind == AuthorKind.CUSTOMER and message.kind == Message.Kind.MESSAGE:
        tickets.reopen_of(conversation=conversation, by=_customer(conversation, message), at=at)


def rewrite_tickets(contact: Contact, at: datetime) -> None:
    """Rewrite the tickets of a renamed contact, which is locked."""
    tickets.rewrite_of(contact=contact, at=at)


def _customer(conversation: Conversation, message: Message) -> Actor:
    if conversation.contact is None:
        return System(name=message.author_name)
    return Visitor(
        contact_id=conversation.contact.pk,
        source_id=conversation.source_id,
        name=conversation.contact.label,
    )
