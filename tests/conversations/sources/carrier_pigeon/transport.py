"""The transport by carrier pigeon: one capsule for each part of a message."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from conversations.models import Attachment, Conversation, Delivery, Message
from conversations.transports import SendResult, SendStatus, Transport
from tests.conversations.sources.carrier_pigeon import KIND


class CarrierPigeonTransport(Transport):
    """Customers read what a pigeon brings; she stays for six hours."""

    kind = KIND
    label = "Carrier pigeon"
    icon = "carrier_pigeon/icon.svg"
    badge = "carrier_pigeon/badge.css"
    gather_seconds = 7.0
    reply_window = timedelta(hours=6)
    interactive_replies = 2
    is_made_by_api = True
    is_fed_by_api = True
    handle_attribute = "ring"
    delivers = True

    def parts(
        self,
        conversation: Conversation,
        message: Message,
        files: Sequence[Attachment],
        template: Mapping[str, Any] | None,
    ) -> list[dict[str, Any]]:
        """Write text and cards on one slip, and notch it for a choice."""
        del conversation, files, template
        read, choice = self.cards_of(message)
        slip = {"slip": " / ".join(filter(None, (message.text, read)))}
        return [slip, {"notches": choice["buttons"]}] if choice else [slip]

    def send(
        self, delivery: Delivery, *, begin: Callable[[], bool], at: datetime
    ) -> SendResult | None:
        """Send the pigeon."""
        del at
        if not begin():
            return None
        return SendResult(status=SendStatus.SENT, provider_id=f"flight-{delivery.part}")
