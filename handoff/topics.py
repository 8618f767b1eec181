"""The topics of handoff: each person may follow their own."""

from channels_layer.access.actors import Actor, Staff
from channels_layer.log import topics
from channels_layer.log.topics import TopicKind


def register() -> None:
    """Add this app's topics."""
    topics.register(TopicKind(prefix="user", durable=True, may_follow=_may_follow))


def _may_follow(actor: Actor, identifier: str) -> bool:
    return isinstance(actor, Staff) and identifier == str(actor.user.pk)
