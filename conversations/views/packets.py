"""Handoff packets of a thread, each below the entry of the act that led to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from conversations.models import Message
from conversations.services.floor import REQUEST, RETURN, Direction
from handoff.models import Handoff

DIRECTIONS: dict[str, Direction] = {
    "requested": REQUEST,
    "released": RETURN,
    "returned": RETURN,
    "expired": RETURN,
}


@dataclass(frozen=True, kw_only=True)
class HandoffPacket:
    """A packet of a handoff, for the person or the assistant; empty until it is written."""

    key: str
    is_return: bool
    packet: Mapping[str, Any] | None


def packets_of(messages: Sequence[Message]) -> dict[UUID, HandoffPacket]:
    """Return the packets below entries that began or ended a handoff, by the entry's id."""
    acts = [message for message in messages if message.change in DIRECTIONS]
    if not acts:
        return {}
    times = {message.created_at for message in acts}
    handoffs = Handoff.objects.filter(
        Q(requested_at__in=times) | Q(closed_at__in=times),
        conversation__in={message.conversation_id for message in acts},
    )
    known = {key: packet for handoff in handoffs.order_by("id") for key, packet in _both(handoff)}
    found = {message.pk: known.get(_key(message)) for message in acts}
    return {identifier: packet for identifier, packet in found.items() if packet}


def _key(message: Message) -> tuple[Direction, datetime]:
    return DIRECTIONS[message.change], message.created_at


def _both(handoff: Handoff) -> list[tuple[tuple[Direction, datetime | None], HandoffPacket]]:
    request = HandoffPacket(key=f"{handoff.pk}-{REQUEST}", is_return=False, packet=handoff.packet)
    returned = HandoffPacket(
        key=f"{handoff.pk}-{RETURN}", is_return=True, packet=handoff.return_packet
    )
    return [((REQUEST, handoff.requested_at), request), ((RETURN, handoff.closed_at), returned)]
