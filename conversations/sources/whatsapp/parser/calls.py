"""What customers do beside writing: calls, and choices of what they want to get."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from json import dumps

from conversations.sources.whatsapp.parser.shapes import Effect
from conversations.sources.whatsapp.parser.values import (
    Json,
    digits,
    identifier,
    mapping,
    objects,
    text,
)

CALLED = "Called on WhatsApp; calls are not taken here"
STOPPED = "The customer does not want marketing messages any more"
RESUMED = "The customer wants marketing messages again"
PREFERENCES = {"stop": STOPPED, "resume": RESUMED}
OF_BUSINESS = "BUSINESS_INITIATED"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of a customer; ``part`` is what Meta sent of it."""

    id: str
    kind: str
    text: str
    effect: Effect
    part: Json


def calls_of(value: Json) -> Iterator[Act]:
    """Yield the calls of customers, each once: its start and its end have the same id.

    What the business's own number began is none, also where the direction is missing.
    """
    ours = digits(mapping(value.get("metadata")).get("display_phone_number"))
    for part in objects(value.get("calls")):
        is_ours = bool(ours) and digits(part.get("from")) == ours
        if not is_ours and text(part.get("direction")).upper() != OF_BUSINESS:
            key = identifier(part.get("id")) or _digest(part)
            yield Act(id=key, kind="call", text=CALLED, effect=Effect.WORDS, part=part)


def preferences_of(value: Json) -> Iterator[Act]:
    """Yield what customers decided about marketing, for staff to know."""
    for part in objects(value.get("user_preferences")):
        words = PREFERENCES.get(text(part.get("value")).lower()) or text(part.get("detail"))
        if words:
            yield Act(
                id=_digest(part), kind="preference", text=words, effect=Effect.NOTICE, part=part
            )


def _digest(part: Json) -> str:
    return f"digest.{sha256(dumps(part, sort_keys=True).encode()).hexdigest()}"
