"""Queries of widgets, tokens and what a visitor may see."""

from datetime import datetime
from hashlib import sha256
from statistics import fmean

from django.db.models import QuerySet

from channels_layer.access.actors import Visitor
from channels_layer.errors import NotFoundError
from conversations.models import Conversation
from conversations.selectors.conversations import inbox, queue_position
from conversations.sources.widget import objects
from conversations.sources.widget.models import VisitorToken, Widget
from handoff.models import Handoff

SHOWN_CONVERSATIONS = 20
MEASURED_WAITS = 20
ENOUGH_WAITS = 3


def widget_for(key: str) -> Widget:
    """Return the open widget with this public key; ``NotFoundError`` otherwise."""
    widget = (
        Widget.objects.select_related("source__assistant")
        .filter(key=key, source__is_active=True)
        .first()
    )
    if widget is None:
        raise NotFoundError
    return widget


def demo_widget() -> Widget:
    """Return the widget that the demo page shows: the oldest open one."""
    widget = (
        Widget.objects.select_related("source__assistant")
        .filter(source__is_active=True)
        .order_by("created_at", "id")
        .first()
    )
    if widget is None:
        raise NotFoundError
    return widget


def is_allowed_somewhere(origin: str) -> bool:
    """Return whether any open widget lets pages of this origin embed it."""
    allowed = Widget.objects.filter(source__is_active=True).values_list(
        "allowed_origins", flat=True
    )
    return any(origin in origins for origins in allowed)


def token_for(secret: str, *, at: datetime, widget: Widget | None = None) -> VisitorToken | None:
    """Return the valid token of ``secret``, of one widget or of any; None where there is none."""
    tokens = VisitorToken.objects.valid(at=at).filter(digest=digest_of(secret))
    if widget is not None:
        tokens = tokens.filter(widget=widget)
    return tokens.select_related("widget__source__assistant", "contact").first()


def digest_of(secret: str) -> str:
    """Return the hash under which a token is stored; it has 256 random bits, so plain SHA-256."""
    return sha256(secret.encode()).hexdigest()


def conversations_of(visitor: Visitor) -> QuerySet[Conversation]:
    """Return the visitor's newest conversations."""
    return inbox(visitor).select_related(*Conversation.SHOWN)[:SHOWN_CONVERSATIONS]


def conversation_object(conversation: Conversation) -> objects.Json:
    """Return a conversation as its visitor sees it now."""
    position = queue_position(conversation) if conversation.is_request_shown else None
    wait = expected_wait() if position else None
    return objects.conversation_object(conversation, position=position, wait=wait)


def expected_wait() -> float | None:
    """Return the mean wait of the newest accepted handoffs in seconds; None for too few."""
    handoffs = (
        Handoff.objects.waited_for()
        .filter(accepted_at__isnull=False)
        .order_by("-id")
        .values_list("requested_at", "accepted_at")[:MEASURED_WAITS]
    )
    waits = [(accepted - requested).total_seconds() for requested, accepted in handoffs if accepted]
    return fmean(waits) if len(waits) >= ENOUGH_WAITS else None
