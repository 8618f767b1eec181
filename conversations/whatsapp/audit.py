"""What must be true of WhatsApp: at rest nothing is still to be fetched."""

from collections.abc import Iterator

from channels_layer import audits
from channels_layer.audits import Scope
from conversations.models import Attachment
from conversations.whatsapp.models import MediaFetch


def files_are_fetched(scope: Scope) -> Iterator[str]:
    """Look for files under way, once the system is at rest; and always for forgotten ones."""
    queued = MediaFetch.objects.filter(state=MediaFetch.State.QUEUED).order_by("created_at")
    if scope.is_strict:
        for media_id in queued.values_list("media_id", flat=True):
            yield f"media {media_id} was not fetched"
    forgotten = Attachment.objects.filter(status=Attachment.Status.FETCHING).exclude(
        whatsapp_media__state=MediaFetch.State.QUEUED
    )
    for key in forgotten.order_by("created_at").values_list("pk", flat=True):
        yield f"attachment {key} is on its way and nobody fetches it"


audits.register("media", files_are_fetched)
