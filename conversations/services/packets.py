"""Packets of a handoff: stored with the handoff, shown as soon as they are there."""

from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from channels_layer.work import leases
from conversations.models import Conversation
from conversations.services import thread
from handoff.events import HANDOFF_PACKET
from handoff.models import Handoff

Direction = Literal["request", "return"]
REQUEST: Direction = "request"
RETURN: Direction = "return"
FIELDS: dict[Direction, str] = {REQUEST: "packet", RETURN: "return_packet"}


@transaction.atomic
def give(
    *, handoff: Handoff, direction: Direction, fence: int, packet: dict[str, Any], at: datetime
) -> bool:
    """Store the packet that was written under ``fence`` and publish it; false: too late."""
    found = Conversation.objects.filter(pk=handoff.conversation_id).first()
    if found is None:
        return False
    conversation = found.locked()
    field = FIELDS[direction]
    if not leases.finish(Handoff, handoff.pk, fence=fence, attempts=0, **{field: packet}):
        return False
    data = {"handoff": str(handoff.pk), "direction": direction, "packet": packet}
    thread.publish(conversation, HANDOFF_PACKET, data, at=at)
    return True
