"""The staff's own chats, with their unread answers."""

from typing import Any

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from channels_layer.access.actors import Staff
from conversations.models import AuthorKind, Conversation, Message


def with_unread(
    queryset: QuerySet[Conversation], actor: Staff, *fields: str
) -> QuerySet[Conversation, dict[str, Any]]:
    """Return rows of ``fields`` and ``unread``, the number of answers new to ``actor``, or None."""
    unread = (
        Message.objects.filter(
            conversation=OuterRef("pk"),
            author_kind__in=[AuthorKind.ASSISTANT, AuthorKind.AGENT],
            kind=Message.Kind.MESSAGE,
            position__gt=Coalesce(OuterRef("mine__position"), 0),
        )
        .order_by()
        .values("conversation")
        .annotate(number=Count("id"))
        .values("number")
    )
    rows: QuerySet[Conversation, dict[str, Any]] = queryset.annotate(
        mine=FilteredRelation("read_states", condition=Q(read_states__user=actor.user)),
    ).values(*fields, read_position=F("mine__position"), unread=Subquery(unread))
    return rows
