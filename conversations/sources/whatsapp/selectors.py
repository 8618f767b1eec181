"""Queries of senders, their templates and their limits."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from channels_layer.errors import NotFoundError
from channels_layer.search import words_of
from conversations.models import Conversation
from conversations.sources.whatsapp import objects
from conversations.sources.whatsapp.models import (
    BusinessInitiatedContact,
    LimitTier,
    Sender,
    Template,
)

COUNTED = timedelta(hours=24)
DIGITS = re.compile(r"[0-9]{1,9}")
THOUSAND = 1000


def sender_of(conversation: Conversation) -> Sender:
    """Return the number from which a WhatsApp conversation is answered, or ``NotFoundError``."""
    sender = Sender.objects.filter(source_id=conversation.source_id).first()
    if sender is None:
        raise NotFoundError
    return sender


def senders() -> QuerySet[Sender]:
    """Return every number, oldest first."""
    return Sender.objects.order_by("id")


def sender_for(identifier: UUID) -> Sender:
    """Return one number, or ``NotFoundError``."""
    sender = Sender.objects.filter(pk=identifier).first()
    if sender is None:
        raise NotFoundError
    return sender


def templates_for(conversation: Conversation, *, search: str = "") -> QuerySet[Template]:
    """Return the templates of a conversation's number: those that may be sent first, by name.

    Each has its ``place`` in that order. Other sources have none.
    """
    first = Case(
        When(status=Template.APPROVED, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    rows = Template.objects.filter(sender__source_id=conversation.source_id)
    for word in words_of(search):
        rows = rows.filter(Q(name__icontains=word) | Q(components__icontains=word))
    return rows.annotate(place=first).order_by("place", "name", "language", "id")


def template_of(sender: Sender, *, name: str, language: str) -> Template | None:
    """Return a template by name and language, whatever its state."""
    return Template.objects.filter(sender=sender, name=name, language=language).first()


def portfolio_of(sender: Sender) -> QuerySet[Sender]:
    """Return the numbers that share a sender's limit: those of its account, itself included."""
    account = sender.business_account_id
    return Sender.objects.filter(business_account_id=account) if account else _alone(sender)


def written_first(sender: Sender, *, at: datetime) -> QuerySet[BusinessInitiatedContact]:
    """Return the people written to first in the last 24 hours, by all that share the limit."""
    return BusinessInitiatedContact.objects.filter(
        sender__in=portfolio_of(sender), at__gt=at - COUNTED
    )


def used(sender: Sender, *, at: datetime) -> int:
    """Return the used part of a sender's limit: the people it or another wrote to first."""
    return written_first(sender, at=at).values("external_id").distinct().count()


def tier_of(sender: Sender) -> LimitTier | None:
    """Return the limit tier of a sender: by Meta's word, else by its rating."""
    tiers = LimitTier.objects.order_by("order", "id")
    word = sender.messaging_limit
    found = tiers.filter(meta_tier=word).first() if word else None
    return found or (None if word else tiers.filter(quality=sender.quality).first())


def limit_of(sender: Sender) -> int | None:
    """Return how many people the sender may write to first in 24 hours; None where unknown."""
    tier = tier_of(sender)
    if tier is not None:
        return tier.daily_limit
    return _number(sender.messaging_limit)


def sender_object(sender: Sender, *, at: datetime) -> objects.Json:
    """Return a sender as it is sent, with its limit at this time."""
    tier, limit = tier_of(sender), limit_of(sender)
    return objects.sender_object(sender, tier=tier, limit=limit, used=used(sender, at=at))


def _alone(sender: Sender) -> QuerySet[Sender]:
    return Sender.objects.filter(pk=sender.pk)


def _number(word: str) -> int | None:
    """Parse Meta's words, such as TIER_2K or 250."""
    digits = word.upper().removeprefix("TIER_")
    factor = THOUSAND if digits.endswith("K") else 1
    digits = digits.removesuffix("K")
    return int(digits) * factor if DIGITS.fullmatch(digits) else None
