"""Helpers of the tests of sending: conversations, messages and requests at the demo Graph."""

from datetime import datetime, timedelta
from typing import Any

from channels_layer.access.actors import System
from conversations.models import Conversation, Delivery, Message
from conversations.services import deliveries
from conversations.services.conversations import Opening, start
from conversations.services.messages import Draft, post
from conversations.sources.whatsapp.models import Sender
from tests import factories
from tests.conversations.sources.whatsapp.graph import DemoGraphServer

NOON = factories.NOON
PHONE = "46701740605"


def talk(sender: Sender, external_id: str = PHONE, *, at: datetime = NOON) -> Conversation:
    """Start a conversation whose customer has just written."""
    identity = factories.IdentityFactory.create(source=sender.source, external_id=external_id)
    opening = Opening(
        source=sender.source, contact=identity.contact, external_id=identity.external_id
    )
    conversation = start(opening=opening, by=System(), at=at)
    conversation.window_expires_at = at + timedelta(hours=24)
    conversation.save()
    return conversation


def say(conversation: Conversation, text: str, at: datetime = NOON, **more: Any) -> Message:
    """Post a message as the shop's system."""
    message, _ = post(conversation=conversation, by=System(), draft=Draft(text=text, **more), at=at)
    return message


def deliver(conversation: Conversation, at: datetime = NOON) -> int:
    """Send the due deliveries; return their number."""
    return deliveries.deliver(conversation_id=conversation.pk, clock=lambda: at)


def requests(graph: DemoGraphServer, kind: str = "") -> list[dict[str, Any]]:
    """Return the requests to send that the demo Graph received."""
    bodies = [one["body"] for one in graph.log()["requests"] if one["path"].endswith("messages")]
    return [body for body in bodies if body and body.get("type") and kind in body["type"]]


def only() -> Delivery:
    """Return the only delivery."""
    return Delivery.objects.get()


def status_of(message: Message) -> tuple[str, str]:
    """Return a message's status and error."""
    fresh = Message.objects.get(pk=message.pk)
    return fresh.status, fresh.error
