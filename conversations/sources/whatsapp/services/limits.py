"""Limits: how many people a sender may write to first within 24 hours."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from channels_layer.errors import RefusedError
from conversations.models import Conversation, Identity
from conversations.sources.whatsapp import selectors
from conversations.sources.whatsapp.models import BusinessInitiatedContact, Sender


class LimitReachedError(RefusedError):
    """As many people were written to first as Meta allows."""

    code = "limit_reached"
    detail = _("As many people as Meta allows were written to first in the last 24 hours.")


def refuse(*, sender: Sender, conversation: Conversation, at: datetime) -> None:
    """Raise ``LimitReachedError`` where one more person is too many; lock all that share it.

    A person who was written to within 24 hours is counted already, under any identity.
    """
    list(selectors.portfolio_of(sender).select_for_update(no_key=True).order_by("id"))
    sender.refresh_from_db(fields=["messaging_limit", "quality"])
    known_as = _identities(conversation)
    if selectors.written_first(sender, at=at).filter(external_id__in=known_as).exists():
        return
    limit = selectors.limit_of(sender)
    if limit is not None and selectors.used(sender, at=at) >= limit:
        raise LimitReachedError


def count(*, sender: Sender, conversation: Conversation, at: datetime) -> None:
    """Count a person who is written to first; within 24 hours once."""
    known_as = _identities(conversation)
    rows = BusinessInitiatedContact.objects.filter(
        sender=sender, external_id__in=known_as
    ).order_by("-at", "id")
    row = rows.first()
    if row is None:
        BusinessInitiatedContact.objects.get_or_create(
            sender=sender, external_id=known_as[0], defaults={"at": at}
        )
    elif row.at <= at - selectors.COUNTED:
        row.at = at
        row.save(update_fields=["at"])


def _identities(conversation: Conversation) -> list[str]:
    """Return all identities of a conversation's customer, the user id first."""
    rows = Identity.objects.filter(
        source_id=conversation.source_id, contact__conversations=conversation.pk
    )
    known = rows.order_by("id").values_list("external_id", flat=True)
    return sorted(known, key=str.isdecimal) or [conversation.external_id]
