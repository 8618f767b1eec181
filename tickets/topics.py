"""The topics of tickets."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.log import topics
from channels_layer.log.topics import TopicKind
from tickets import selectors
from tickets.events import TICKET_SUMMARY
from tickets.models import Ticket

RECENT_LIMIT = 500


def register() -> None:
    """Add this app's topics."""
    topics.register(TopicKind(prefix="ticket", durable=True, may_follow=_may_follow))
    topics.register(
        TopicKind(prefix="tickets", durable=False, may_follow=_may_follow_all, recent=_recent)
    )


def _may_follow(actor: Actor, identifier: str) -> bool:
    try:
        key = UUID(identifier)
    except ValueError:
        return False
    if isinstance(actor, Key) and not actor.may("tickets:read"):
        return False
    return Ticket.objects.visible_to(actor).filter(pk=key).exists()


def _may_follow_all(actor: Actor, identifier: str) -> bool:
    if identifier:
        return False
    return isinstance(actor, Staff) or (isinstance(actor, Key) and actor.may("tickets:read"))


def _recent(since: datetime) -> Iterable[dict[str, Any]]:
    changed = Ticket.objects.filter(changed_at__gte=since).order_by("-changed_at", "-id")
    for data in selectors.ticket_objects(selectors.rows(changed)[:RECENT_LIMIT]):
        yield {"type": TICKET_SUMMARY, "data": data}
