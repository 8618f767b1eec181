"""WhatsApp's additions to a conversation's pages: number, picker, restrictions."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from channels_layer.access.actors import Staff
from conversations import panels
from conversations.models import Conversation
from conversations.panels import Banner, Panel
from conversations.sources.whatsapp import KIND, selectors
from conversations.sources.whatsapp.models import LimitTier, Sender
from conversations.sources.whatsapp.services import groups
from handoff.models import Agent

ORDER = 15
TONES = {
    Sender.Quality.GREEN: "badge--green",
    Sender.Quality.YELLOW: "badge--orange",
    Sender.Quality.RED: "badge--red",
}
FULL = 100


def register() -> None:
    """Register the panel, the picker and the banners."""
    panels.register_banner(Banner(template="whatsapp/_restriction.html", context=notice_context))
    panels.register_banner(Banner(template="whatsapp/_trouble.html", context=trouble_context))
    panels.register_banner(Banner(template="whatsapp/_group.html", context=group_context))
    panels.register_panel(
        Panel(
            template="whatsapp/_panel.html",
            context=panel_context,
            order=ORDER,
            module="whatsapp/picker.js",
            style="whatsapp/picker.css",
        )
    )


def notice_context(conversation: Conversation, actor: Staff) -> dict[str, Any] | None:
    """Return the sender whose restriction the banner shows; None where there is none."""
    del actor
    sender = _sender_of(conversation)
    if sender is None or not sender.restriction:
        return None
    return {"sender": sender}


def trouble_context(conversation: Conversation, actor: Staff) -> dict[str, Any] | None:
    """Return for administrators the number of failed webhooks with customers' messages."""
    sender = _sender_of(conversation) if actor.role == Agent.Role.ADMINISTRATOR else None
    if sender is None:
        return None
    number = sender.events.in_trouble().with_messages().count()
    return {"number": number} if number else None


def group_context(conversation: Conversation, actor: Staff) -> dict[str, Any] | None:
    """Return the name of the group that reads what is written here; None for one customer."""
    del actor
    if conversation.source.kind != KIND or not groups.group_of(conversation):
        return None
    return {"name": conversation.heading}


def panel_context(conversation: Conversation, actor: Staff) -> dict[str, Any] | None:
    """Return the number, Meta's rating of it, and the used part of its limit."""
    del actor
    sender = _sender_of(conversation)
    if sender is None:
        return None
    limit = selectors.limit_of(sender)
    at = timezone.now()  # noqa: TID251 - a panel is a part of the page
    used = selectors.used(sender, at=at)
    return {
        "conversation": conversation,
        "sender": sender,
        "tone": TONES.get(Sender.Quality(sender.quality), ""),
        "limit": limit,
        "used": used,
        "share": min(FULL, round(FULL * used / limit)) if limit else 0,
        "tiers": LimitTier.objects.order_by("order", "id"),
        "tier": selectors.tier_of(sender),
        "phone_url": phone_url(),
    }


def phone_url() -> str:
    """Return the address of the demo's phone; empty where Meta's own servers are used."""
    parts = urlsplit(settings.WHATSAPP_GRAPH_URL)
    is_demo = settings.DEBUG and parts.hostname in {"127.0.0.1", "localhost"}
    return f"{settings.WHATSAPP_GRAPH_URL.rstrip('/')}/phone/" if is_demo else ""


def _sender_of(conversation: Conversation) -> Sender | None:
    if conversation.source.kind != KIND:
        return None
    return Sender.objects.filter(source_id=conversation.source_id).first()
