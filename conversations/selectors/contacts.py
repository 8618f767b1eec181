"""Queries of contacts."""

from uuid import UUID

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.errors import NotFoundError
from conversations.models import Contact, ContactQuerySet, Conversation, ConversationQuerySet


def contacts(actor: Actor) -> ContactQuerySet:
    """Return the contacts with their identities, newest first; a visitor sees none."""
    if not isinstance(actor, Staff | Key):
        return Contact.objects.none()
    return Contact.objects.prefetch_related("identities__source").order_by("-created_at", "-id")


def contact_for(actor: Actor, identifier: UUID | str) -> Contact:
    """Return one contact with its identities; ``NotFoundError`` otherwise."""
    contact = contacts(actor).filter(pk=identifier).first()
    if contact is None:
        raise NotFoundError
    return contact


def conversations_of(contact: Contact, actor: Actor) -> ConversationQuerySet:
    """Return a contact's conversations, newest activity first."""
    return (
        Conversation.objects.visible_to(actor)
        .filter(contact=contact)
        .order_by("-last_message_at", "-id")
    )
