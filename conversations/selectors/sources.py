"""Queries of sources."""

from uuid import UUID

from django.db.models import QuerySet

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.errors import NotFoundError
from conversations.models import Source


def sources(actor: Actor) -> QuerySet[Source]:
    """Return every source with its assistant, by name; a visitor sees none."""
    if not isinstance(actor, Staff | Key):
        return Source.objects.none()
    return Source.objects.select_related("assistant").order_by("name", "id")


def source_for(actor: Actor, identifier: UUID | str) -> Source:
    """Return one source; ``NotFoundError`` otherwise."""
    source = sources(actor).filter(pk=identifier).first()
    if source is None:
        raise NotFoundError
    return source


def find(identifier: str) -> Source | None:
    """Return the source of an id from outside, or None where there is none."""
    try:
        key = UUID(identifier)
    except ValueError:
        return None
    return Source.objects.select_related("assistant").filter(pk=key).first()
