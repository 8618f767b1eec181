"""Receivers of the signals of conversations."""

from datetime import datetime
from typing import Any

from django.apps import apps

from channels_layer import search
from channels_layer.access.actors import Actor, System, Visitor
from conversations.models import AuthorKind, Contact, Conversation, Message
from conversations.signals import contact_changed, message_written
from tickets.search import TICKETS
from tickets.services import tickets


def connect() -> None:
    """Connect the receivers."""
    contact_changed.connect(rewrite_tickets)
    message_written.connect(reopen_tickets)
    search.heal_after_migrations(apps.get_app_config("tickets"), TICKETS)


def reopen_tickets(
    *, conversation: Conversation, message: Message, at: datetime, **signal: Any
) -> None:
    """Reopen solved tickets when their customer writes; the conversation is locked."""
    del signal
    if message.author_kind == AuthorKind.CUSTOMER and message.kind == Message.Kind.MESSAGE:
        tickets.reopen_of(conversation=conversation, by=_customer(conversation, message), at=at)


def rewrite_tickets(*, contact: Contact, at: datetime, **signal: Any) -> None:
    """Rewrite the tickets of a renamed contact, which is locked."""
    del signal
    tickets.rewrite_of(contact=contact, at=at)


def _customer(conversation: Conversation, message: Message) -> Actor:
    if conversation.contact is None:
        return System(name=message.author_name)
    return Visitor(
        contact_id=conversation.contact.pk,
        source_id=conversation.source_id,
        name=conversation.contact.label,
    )
