"""Colleagues who write to a customer outside Parley: they have the floor, and nobody here owns it.

Anybody here may accept such a conversation, or release it. Where nobody answers out there, it goes
into the queue, so that somebody is responsible at all times.
"""

from datetime import datetime
from typing import TypeVar

from django.db import transaction

from channels_layer.access.actors import System
from channels_layer.work.jobs import enqueue
from handoff.models import Control, Floor, Handoff, Switch
from handoff.services import EndedError

F = TypeVar("F", bound=Floor)


@transaction.atomic
def take(*, floor: F, by: System, at: datetime) -> F:
    """Take the floor for a colleague outside, as a person's first message does."""
    floor = floor.locked()
    if floor.is_ended:
        raise EndedError
    if floor.control == Control.AGENT or floor.switch == Switch.PAUSED:
        return floor
    if floor.control == Control.AI:
        Handoff.objects.create(
            conversation_id=floor.pk, requested_by=by.reference, requested_at=at, reason=""
        )
    floor.give_outside()
    Handoff.objects.filter(conversation_id=floor.pk, state=Handoff.State.WAITING).update(
        state=Handoff.State.ACTIVE, agent=None, accepted_at=at
    )
    floor.changed(change="taken", by=by, at=at)
    return floor


@transaction.atomic
def call_in(*, floor: F, by: System, reason: str, at: datetime) -> F:
    """Put a conversation that is held outside into the queue: nobody answers there.

    A contact who is blocked waits for nobody.
    """
    floor = floor.locked()
    is_blocked = floor.switch == Switch.BLOCKED
    if floor.is_ended or is_blocked or not floor.is_held_outside:
        return floor
    held = Handoff.objects.filter(conversation_id=floor.pk, state=Handoff.State.ACTIVE)
    key = held.values_list("pk", flat=True).first()
    held.update(state=Handoff.State.WAITING, accepted_at=None, requested_at=at, reason=reason[:200])
    if key:
        enqueue("chats.write_packet", handoff=key)
    floor.wait(by=by, reason=reason, at=at)
    floor.changed(change="requested", by=by, reason=reason, at=at)
    return floor
