"""Queries of the configured AIs."""

from uuid import UUID

from django.db.models import QuerySet

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.errors import NotFoundError
from conversations.models import Assistant


def assistants(actor: Actor) -> QuerySet[Assistant]:
    """Return every assistant, by name; a visitor sees none."""
    if not isinstance(actor, Staff | Key):
        return Assistant.objects.none()
    return Assistant.objects.order_by("name", "id")


def assistant_for(actor: Actor, identifier: UUID | str) -> Assistant:
    """Return one assistant; ``NotFoundError`` otherwise."""
    assistant = assistants(actor).filter(pk=identifier).first()
    if assistant is None:
        raise NotFoundError
    return assistant
