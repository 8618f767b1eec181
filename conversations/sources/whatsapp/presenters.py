"""Templates and senders as the API and the pages show them."""

from datetime import datetime
from typing import Any

from channels_layer.times import iso
from conversations.sources.whatsapp import selectors, templating
from conversations.sources.whatsapp.models import Sender, Template

Json = dict[str, Any]


def template_object(template: Template) -> Json:
    """Return a template with its parameters and its text.

    ``text`` has placeholders by the parameters' names, as in ``{{1}}``; ``preview`` the examples.
    """
    slots = templating.slots_of(template.components)
    examples = {slot.name: slot.example for slot in slots if slot.example}
    return {
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "status": template.status,
        "is_approved": template.is_approved,
        "reason": template.reason or None,
        "quality": template.quality or None,
        "parameters": [
            {"name": slot.name, "place": slot.place, "example": slot.example or None}
            for slot in slots
        ],
        "file": templating.media_of(template.components) or None,
        "text": templating.text_of(template.components),
        "preview": templating.text_of(template.components, examples),
        "buttons": templating.buttons_of(template.components),
    }


def sender_object(sender: Sender, *, at: datetime) -> Json:
    """Return a sender with Meta's rating and the used part of its limit."""
    tier = selectors.tier_of(sender)
    return {
        "id": str(sender.pk),
        "source": str(sender.source_id),
        "phone_number_id": sender.phone_number_id,
        "display_number": sender.display_number or None,
        "verified_name": sender.verified_name or None,
        "quality": sender.quality,
        "messaging_limit": sender.messaging_limit or None,
        "tier": tier.name if tier else None,
        "daily_limit": selectors.limit_of(sender),
        "used": selectors.used(sender, at=at),
        "restriction": sender.restriction or None,
        "checked_at": _text(sender.checked_at),
        "check_error": sender.check_error or None,
        "templates_synced_at": _text(sender.templates_synced_at),
    }


def _text(at: datetime | None) -> str | None:
    return None if at is None else iso(at)
