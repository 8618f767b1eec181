"""Tasks of WhatsApp: requests to Meta, webhooks, files and receipts."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from conversations.sources.whatsapp.models import Sender
from conversations.sources.whatsapp.services import (
    escalations,
    events,
    media,
    quality,
    receipts,
    templates,
)


@shared_task(name="conversations.check_senders")
def check_senders() -> None:
    """Fetch the rating and limit of every number from Meta."""
    quality.check_all()


@shared_task(name="conversations.check_sender")
def check_sender(*, sender: str) -> None:
    """Fetch the rating and limit of one number from Meta."""
    if found := Sender.objects.filter(pk=UUID(sender)).first():
        quality.check(sender=found, at=timezone.now())


@shared_task(name="conversations.sync_all_templates")
def sync_all_templates() -> None:
    """Fetch the templates of every number."""
    templates.sync_all()


@shared_task(name="conversations.sync_templates")
def sync_templates(*, sender: str) -> None:
    """Fetch the templates of one number."""
    if found := Sender.objects.filter(pk=UUID(sender)).first():
        templates.sync(sender=found, at=timezone.now())


@shared_task(name="conversations.acknowledge")
def acknowledge(*, conversation: str, typing: int) -> None:
    """Show the customer that the last message was read, and with ``typing`` 1 the typing mark."""
    receipts.show(conversation_id=UUID(conversation), is_typing=bool(typing), at=timezone.now())


@shared_task(name="conversations.fetch_media")
def fetch_media(*, fetch: str) -> None:
    """Fetch one file that a customer sent."""
    media.fetch(fetch_id=UUID(fetch), clock=timezone.now)


@shared_task(name="conversations.work_webhooks")
def work_webhooks(*, sender: str) -> None:
    """Work the webhook events of ``sender``."""
    events.work(sender_id=UUID(sender), clock=timezone.now)


@shared_task(name="conversations.call_in")
def call_in() -> None:
    """Ask for a person where nobody answers from the WhatsApp Business app."""
    escalations.call_in(at=timezone.now())


@shared_task(name="conversations.prune_webhooks")
def prune_webhooks() -> None:
    """Empty webhook events of a month ago."""
    events.prune(at=timezone.now())
