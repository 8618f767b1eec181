"""The topics of conversations that a socket may follow."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.log import topics
from channels_layer.log.topics import TopicKind
from conversations.events import CONVERSATION_SUMMARY
from conversations.models import Conversation
from conversations.objects.conversation import CONVERSATION_FIELDS, conversation_object

RECENT_LIMIT = 500


def register() -> None:
    """Add this app's topics."""
    topics.register(TopicKind(prefix="conversation", durable=True, may_follow=_may_follow))
    topics.register(
        TopicKind(prefix="inbox", durable=False, may_follow=_may_follow_inbox, recent=_recent)
    )


def _may_follow(actor: Actor, identifier: str) -> bool:
    try:
        key = UUID(identifier)
    except ValueError:
        return False
    if isinstance(actor, Key) and not actor.may("conversations:read"):
        return False
    return Conversation.objects.visible_to(actor).filter(pk=key).exists()


def _may_follow_inbox(actor: Actor, identifier: str) -> bool:
    if identifier:
        return False
    return isinstance(actor, Staff) or (isinstance(actor, Key) and actor.may("conversations:read"))


def _recent(since: datetime) -> Iterable[dict[str, Any]]:
    rows = (
        Conversation.objects.filter(changed_at__gte=since)
        .order_by("-changed_at", "-id")
        .values(*CONVERSATION_FIELDS)[:RECENT_LIMIT]
    )
    for row in rows:
        yield {"type": CONVERSATION_SUMMARY, "data": conversation_object(row)}
