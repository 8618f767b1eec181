"""Audits of WhatsApp: webhooks are worked, and at rest no file is to be fetched."""

from collections.abc import Iterator
from datetime import timedelta

from channels_layer.work.audits import Scope
from conversations.models import Attachment
from conversations.sources.whatsapp.models import MediaFetch, WebhookEvent

PATIENCE = timedelta(seconds=15)
"""How long an event may be due: another worker takes over a dead one's by then."""


def files_are_fetched(scope: Scope) -> Iterator[str]:
    """Find forgotten fetches, and once the system is at rest all that are under way."""
    queued = MediaFetch.objects.filter(state=MediaFetch.State.QUEUED).order_by("created_at")
    if scope.is_strict:
        for media_id in queued.values_list("media_id", flat=True):
            yield f"media {media_id} was not fetched"
    forgotten = Attachment.objects.filter(status=Attachment.Status.FETCHING).exclude(
        whatsapp_media__state=MediaFetch.State.QUEUED
    )
    for key in forgotten.order_by("created_at").values_list("pk", flat=True):
        yield f"attachment {key} is on its way and nobody fetches it"


def webhooks_are_worked(scope: Scope) -> Iterator[str]:
    """Find webhooks that no worker works; once the system is at rest, all that are due.

    Also find customers' messages that were given up.
    """
    horizon = scope.at if scope.is_strict else scope.at - PATIENCE
    late = WebhookEvent.objects.filter(state=WebhookEvent.State.QUEUED, next_at__lte=horizon)
    for key in late.order_by("received_at").values_list("pk", flat=True):
        yield f"webhook {key} was not worked"
    if scope.is_strict:
        lost = WebhookEvent.objects.failed().with_messages().order_by("received_at")
        for key in lost.values_list("pk", flat=True):
            yield f"webhook {key} holds messages that were not taken in"
