"""The demo's WhatsApp number, and the statuses of its messages."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from channels_layer.access.actors import Actor
from config.demo.graph import senders, templates
from config.demo.graph.phone import SAMPLES
from conversations import source_kinds
from conversations.models import (
    Attachment,
    AuthorKind,
    Conversation,
    Delivery,
    Message,
    Reading,
    Source,
)
from conversations.services import attachments
from conversations.services.attachments import Upload
from conversations.services.deliveries import OTHER_CODE
from conversations.sources.whatsapp.models import Sender, Template

NAME = "Nordhem on WhatsApp"
LIMIT = "TIER_250"


def load(source: Source, *, origin: str, at: datetime) -> Sender:
    """Create the number that the demo Graph knows, with its templates; what is there stays."""
    known = senders.demo(settings.SECRET_KEY, origin)
    sender, is_new = Sender.objects.get_or_create(
        source=source,
        defaults={
            "id": UUID(known.sender_id),
            "phone_number_id": known.phone_number_id,
            "business_account_id": known.business_account_id,
            "display_number": known.display_number,
            "verified_name": known.verified_name,
            "access_token": known.access_token,
            "app_secret": known.app_secret,
            "verify_token": known.verify_token,
            "quality": Sender.Quality.GREEN,
            "messaging_limit": LIMIT,
            "checked_at": at,
            "templates_synced_at": at,
        },
    )
    if is_new:
        Template.objects.bulk_create(
            Template(
                sender=sender,
                meta_id=raw["id"],
                name=raw["name"],
                language=raw["language"],
                category=raw["category"],
                status=raw["status"],
                reason=raw.get("rejected_reason", ""),
                parameter_format=raw["parameter_format"],
                components=raw["components"],
                synced_at=at,
            )
            for raw in templates.fresh()
        )
    return sender


def file(name: str, *, by: Actor, at: datetime) -> UUID:
    """Store one of the phone's samples as an upload of the customer."""
    upload = Upload(name=name, data=(SAMPLES / name).read_bytes())
    return attachments.store(upload=upload, by=by, at=at).pk


def read(message: Message, words: str) -> None:
    """Store ``words`` as transcript or description of a message's files."""
    for attachment in message.attachments.all():
        is_audio = attachment.kind == Attachment.Kind.AUDIO
        setattr(attachment, "transcript" if is_audio else "description", words)
        attachment.save(update_fields=["transcript", "description"])
        Reading.objects.filter(attachment=attachment).update(state=Reading.State.DONE, next_at=None)


def settle(conversation: Conversation, *, error: str, reaction: str, at: datetime) -> None:
    """Mark the last message as read or failed with ``error``; open the window for a customer's."""
    message = Message.objects.filter(conversation=conversation).order_by("-position")[0]
    if message.author_kind == AuthorKind.CUSTOMER:
        closes = source_kinds.of(conversation.source.kind).window_until(message.created_at)
        Conversation.objects.filter(pk=conversation.pk).update(window_expires_at=closes)
        return
    state = Message.Status.FAILED if error else Message.Status.READ
    for delivery in Delivery.objects.filter(message=message):
        delivery.state, delivery.error, delivery.next_at = state, error, None
        delivery.provider_id = f"wamid.{delivery.pk.hex}"
        delivery.sending_at, delivery.changed_at = at, at + timedelta(seconds=1)
        delivery.save()
        message.status, message.error = state, error
        message.error_code = OTHER_CODE if error else ""
    if reaction:
        contact = conversation.contact
        message.reactions = [
            {
                "emoji": reaction,
                "author_kind": AuthorKind.CUSTOMER,
                "author_id": str(contact.pk) if contact else "",
                "author_name": contact.label if contact else "",
            }
        ]
    message.save(update_fields=["status", "error", "error_code", "reactions"])
