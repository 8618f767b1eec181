"""What tickets do when something is said in a conversation, or a contact is renamed."""

from datetime import datetime

from channels_layer.access.actors import Actor, System, Visitor
from conversations.models import AuthorKind, Contact, Conversation, Message
from tickets.services import tickets


def heard(conversation: Conversation, message: Message, at: datetime) -> None:
    """Open solved tickets again when their customer writes; the conversation is locked."""
    if message.author_kind == AuthorKind.CUSTOMER and message.kind == Message.Kind.MESSAGE:
        tickets.reopen_of(conversation=conversation, by=_customer(conversation, message), at=at)


def renamed(contact: Contact, at: datetime) -> None:
    """Call the contact by its new name, email and phone; it is locked."""
    tickets.rewrite_of(contact=contact, at=at)


def _customer(conversation: Conversation, message: Message) -> Actor:
    if conversation.contact is None:
        return System(name=message.author_name)
    return Visitor(
        contact_id=conversation.contact.pk,
        source_id=conversation.source_id,
        name=conversation.contact.label,
    )
