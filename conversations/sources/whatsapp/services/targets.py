"""Targets: the messages that replies, reactions, edits and deletes name by Meta's ids."""

from dataclasses import dataclass

from django.db.models import Q

from conversations.models import Contact, Delivery, Message
from conversations.sources.whatsapp.models import Inbound, Sender

EDITS = "edit"
DELETES = "revoke"


@dataclass(frozen=True)
class Target:
    """The message of a Meta id; one that is known without a message was deleted."""

    is_known: bool
    message: Message | None = None


def find(sender: Sender, wamid: str) -> Target:
    """Find a message by Meta's id: one that the customer sent, or one of ours."""
    if not wamid:
        return Target(is_known=False)
    inbound = Inbound.objects.select_related("message").filter(sender=sender, wamid=wamid).first()
    if inbound is not None:
        return Target(is_known=True, message=inbound.message)
    sent = Delivery.objects.select_related("message").filter(
        conversation__source_id=sender.source_id, provider_id=wamid
    )
    delivery = sent.first()
    return Target(is_known=delivery is not None, message=delivery.message if delivery else None)


def is_deleted(sender: Sender, wamid: str) -> bool:
    """Return whether the customer has deleted a message before it came."""
    return Inbound.objects.filter(sender=sender, refers_to=wamid, kind=DELETES).exists()


def is_overtaken(inbound: Inbound, *, contact: Contact) -> bool:
    """Return whether a newer change of the same person, by Meta's clock, has come before it."""
    others = Inbound.objects.filter(
        sender_id=inbound.sender_id,
        refers_to=inbound.refers_to,
        identity__contact=contact,
        participant=inbound.participant,
    ).exclude(pk=inbound.pk)
    newer = Q(kind=inbound.kind, sent_at__gt=inbound.sent_at)
    if inbound.kind == EDITS:
        newer |= Q(kind=DELETES)
    return others.filter(newer).exists()


def replies_to(inbound: Inbound, message: Message) -> list[Message]:
    """Return the messages of its conversation that answer ``message`` and came before it."""
    rows = Inbound.objects.filter(
        sender_id=inbound.sender_id,
        refers_to=inbound.wamid,
        message__conversation=message.conversation_id,
        message__reply_to=None,
    )
    return [row.message for row in rows.select_related("message") if row.message is not None]
