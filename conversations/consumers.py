"""The socket commands of a conversation: typing, viewing and read (CONTRACT 5)."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from channels_layer.access.actors import Actor, Staff, Visitor
from channels_layer.errors import ForbiddenError
from channels_layer.log import events, topics
from channels_layer.sockets.consumer import commands
from conversations import transports
from conversations.events import TYPING, VIEWING
from conversations.selectors import conversations as selectors
from conversations.services import conversations as services
from handoff import notifications, presence

Frame = dict[str, Any]


def register() -> None:
    """Add this app's socket commands."""
    commands.register("typing", typing)
    commands.register("viewing", viewing)
    commands.register("read", read)
    topics.register_snapshot("conversation", "viewers", viewers)


def typing(actor: Actor, frame: Frame) -> None:
    """Show the others in a conversation that the actor is writing."""
    conversation = selectors.conversation_for(actor, frame["conversation"])
    data = _presence(actor, str(conversation.pk))
    events.announce(topic=conversation.topic, type=TYPING, data=data)
    if isinstance(actor, Staff):
        transports.transport_of(conversation).acknowledge(conversation, is_typing=True)


def viewing(actor: Actor, frame: Frame) -> None:
    """Show the others in a conversation that a colleague views it; null: views none."""
    if not isinstance(actor, Staff):
        raise ForbiddenError
    identifier = None
    if frame["conversation"] is not None:
        identifier = selectors.conversation_for(actor, frame["conversation"]).pk
    before = presence.view(user=actor.user, conversation=identifier)
    for conversation in {before, identifier} - {None}:
        data = _presence(actor, str(conversation))
        data["viewers"] = presence.viewers(UUID(str(conversation)))
        events.announce(topic=f"conversation:{conversation}", type=VIEWING, data=data)


def viewers(actor: Actor, identifier: str) -> list[Frame]:
    """Send the colleagues who view a conversation to an actor who begins to follow it."""
    found = presence.viewers(UUID(identifier)) if not isinstance(actor, Visitor) else []
    data = {"conversation": identifier, "actor": None, "viewers": found}
    return [{"type": VIEWING, "data": data}] if found else []


def read(actor: Actor, frame: Frame) -> None:
    """Store how far the actor has read."""
    conversation = selectors.conversation_for(actor, frame["conversation"])
    position = frame["position"]
    match actor:
        case Staff():
            services.mark_read(conversation=conversation, user=actor.user, position=position)
            notifications.read_subject(
                user=actor.user, subject=conversation.topic, at=timezone.now()
            )
        case Visitor():
            services.read_by_customer(
                conversation=conversation, position=position, at=timezone.now()
            )
        case _:
            raise ForbiddenError


def _presence(actor: Actor, conversation: str) -> Frame:
    identifier = str(actor.user.pk) if isinstance(actor, Staff) else None
    return {
        "conversation": conversation,
        "actor": {"kind": actor.kind, "id": identifier, "name": actor.label},
    }
