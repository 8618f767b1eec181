"""Changes of the floor in a conversation: the line, the events, the next answer, the packets."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext_noop as _

from channels_layer import names
from channels_layer.access.actors import Actor, Staff, Visitor
from channels_layer.transport import fences
from channels_layer.work import leases
from channels_layer.work.jobs import enqueue
from conversations.events import CONVERSATION_ENDED
from conversations.models import Conversation, Message
from conversations.objects.conversation import Json, conversation_object, row_of
from conversations.services import thread
from conversations.services.thread import Entry
from conversations.signals import assistant_muted
from handoff.events import HANDOFF_CHANGED, HANDOFF_PACKET
from handoff.models import Handoff

LINES = {
    "requested": _("{by} asked for a person"),
    "withdrawn": _("{by} no longer waits for a person"),
    "accepted": _("{by} accepted"),
    "taken": _("{by} took over from {assistant}"),
    "released": _("{by} released to {assistant}"),
    "returned": _("{by} released to {assistant}"),
    "active": _("{by} switched {assistant} on"),
    "paused": _("{by} paused {assistant}"),
    "blocked": _("{by} blocked {contact}"),
    "unblocked": _("{by} unblocked {contact}"),
    "ended": _("{by} ended the conversation"),
    "reopened": _("{by} reopened the conversation"),
}
ASKED_BY_STAFF = _("{by} asked to take over from {assistant}")
PUBLIC = frozenset(
    {"requested", "withdrawn", "accepted", "taken", "released", "returned", "ended", "reopened"}
)
"""The changes whose line the customer sees."""
EPOCH_RAISED = frozenset(LINES) - {"requested"}

Direction = Literal["request", "return"]
"""Of a packet: to the person who takes over, or back to the assistant."""
REQUEST: Direction = "request"
RETURN: Direction = "return"
PACKET_FIELDS: dict[Direction, str] = {REQUEST: "packet", RETURN: "return_packet"}

FIELDS = (*Conversation.FLOOR_FIELDS, "ended_at", "answer_due_at")


def publish(
    conversation: Conversation,
    *,
    change: str,
    by: Actor,
    reason: str = "",
    is_shown: bool = True,
    at: datetime,
) -> None:
    """Save a locked conversation's floor, write the line, publish both, and let it go on.

    The customer reads the line where ``is_shown``, if its kind is for customers at all. The
    assistant picks up what is unanswered as soon as the floor is its own again.
    """
    if change == "ended":
        conversation.ended_at = at
    elif change == "reopened":
        conversation.ended_at = None
    _plan_answer(conversation, at=at)
    with thread.changing(conversation) as changes:
        changes.fields.update(FIELDS)
        if change in EPOCH_RAISED:
            assistant_muted.send(Conversation, conversation=conversation, at=at)
        line = _line(conversation, change=change, by=by, reason=reason)
        is_public = is_shown and change in PUBLIC
        thread.append(conversation, replace(line, is_public=is_public), at=at)
        shown = _floor_object(conversation, by, reason)
        thread.publish(conversation, HANDOFF_CHANGED, shown, at=at)
        if change == "ended":
            thread.update(conversation, event=CONVERSATION_ENDED, at=at)
    if change in EPOCH_RAISED:
        fences.announce("conversation", str(conversation.pk))
    enqueue("chats.answer", conversation=str(conversation.pk))


@transaction.atomic
def store_packet(
    *, handoff: Handoff, direction: Direction, fence: int, packet: dict[str, Any], at: datetime
) -> bool:
    """Store the packet that was written under ``fence`` and publish it; false: too late."""
    found = Conversation.objects.filter(pk=handoff.conversation_id).first()
    if found is None:
        return False
    conversation = found.locked()
    field = PACKET_FIELDS[direction]
    if not leases.finish(Handoff, handoff.pk, fence=fence, attempts=0, **{field: packet}):
        return False
    data = {"handoff": str(handoff.pk), "direction": direction, "packet": packet}
    thread.publish(conversation, HANDOFF_PACKET, data, at=at)
    return True


def _plan_answer(conversation: Conversation, *, at: datetime) -> None:
    may_answer = conversation.assistant_may_speak and conversation.has_unanswered
    conversation.answer_due_at = at if may_answer else None


def _line(conversation: Conversation, *, change: str, by: Actor, reason: str) -> Entry:
    contact = conversation.contact
    requested_by_staff = change == "requested" and isinstance(by, Staff)
    line = ASKED_BY_STAFF if requested_by_staff else LINES[change]
    text = line.format(
        by=by.mention,
        assistant=names.shown(conversation.assistant.name),
        contact=contact.mention if contact else "the customer",
    )
    return Entry(
        author=thread.author_of(by),
        kind=Message.Kind.SYSTEM,
        text=text,
        change=change,
        detail=reason,
    )


def _floor_object(conversation: Conversation, by: Actor, reason: str) -> Json:
    row = conversation_object(row_of(conversation))
    return {
        "control": conversation.control,
        "switch": conversation.switch,
        "epoch": conversation.epoch,
        "owner": row["owner"],
        "by": {"kind": by.kind, "id": _id_of(by), "name": by.label},
        "reason": reason or None,
        "requested_at": row["requested_at"],
        "requested_by": row["requested_by"],
        "lifecycle": conversation.lifecycle,
    }


def _id_of(actor: Actor) -> str | None:
    match actor:
        case Staff():
            return str(actor.user.pk)
        case Visitor():
            return str(actor.contact_id)
        case _:
            return None
