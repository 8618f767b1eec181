"""To how many people a sender writes first within 24 hours, and Meta's limit of it."""

from datetime import datetime

from channels_layer.errors import RefusedError
from conversations.whatsapp import selectors
from conversations.whatsapp.models import Outreach, Sender


class LimitReachedError(RefusedError):
    """As many people as Meta allows were written to first."""

    code = "limit_reached"
    detail = "As many people as Meta allows were written to first in the last 24 hours."


def refuse(*, sender: Sender, external_id: str, at: datetime) -> None:
    """Raise ``LimitReachedError`` where one more person is too many; locks the sender's row.

    Somebody who was written to within 24 hours is counted already.
    """
    sender = Sender.objects.select_for_update(no_key=True).get(pk=sender.pk)
    recent = sender.outreach.filter(at__gt=at - selectors.COUNTED)
    if recent.filter(external_id=external_id).exists():
        return
    limit = selectors.limit_of(sender)
    if limit is not None and recent.count() >= limit:
        raise LimitReachedError


def count(*, sender: Sender, external_id: str, at: datetime) -> None:
    """Note that a person is written to first; within 24 hours it counts once."""
    row, is_new = Outreach.objects.get_or_create(
        sender=sender, external_id=external_id, defaults={"at": at}
    )
    if not is_new and row.at <= at - selectors.COUNTED:
        row.at = at
        row.save(update_fields=["at"])
