"""Origins: what a source says beside a customer's words, as cards of the type ``origin``.

A message came from an advertisement, asks about a product, was forwarded, or holds what the source
reports of it. The customer's own text stays the text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, gettext_noop

TYPE = "origin"

LABELS = {
    "advertisement": gettext_noop("Came from the advertisement"),
    "post": gettext_noop("Came from the post"),
    "product": gettext_noop("Asks about the product"),
    "forwarded": gettext_noop("Forwarded"),
    "forwarded_often": gettext_noop("Forwarded many times"),
    "report": gettext_noop("Reported with it"),
    "contents": gettext_noop("What is in it"),
}
FACTS = {
    "Greeting": gettext_noop("Greeting"),
    "Number": gettext_noop("Number"),
    "Shows": gettext_noop("Shows"),
    "Picture": gettext_noop("Picture"),
    "Click": gettext_noop("Click"),
    "Catalogue": gettext_noop("Catalogue"),
    "Address": gettext_noop("Address"),
}
UNTOLD = frozenset({"Click"})
"""Facts that say nothing to a reader, neither person nor model; the API has them."""

Card = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A card as people read it; ``url`` is an address of the web, or empty."""

    kind: str
    label: str
    title: str = ""
    text: str = ""
    url: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def of(cards: Iterable[Card]) -> list[Origin]:
    """Return the origins among a message's cards, in the reader's language."""
    return [_origin(card) for card in cards if card.get("type") == TYPE]


def words_of(cards: Iterable[Card]) -> str:
    """Return the origins among a message's cards for a model, one after the other."""
    return "\n".join(_words_of_card(card) for card in cards if card.get("type") == TYPE)


def _origin(card: Card) -> Origin:
    kind = str(card.get("kind", ""))
    return Origin(
        kind=kind,
        label=gettext(LABELS.get(kind, LABELS["contents"])),
        title=str(card.get("title", "")),
        text=str(card.get("text", "")),
        url=str(card.get("url", "")),
        facts=[(gettext(FACTS.get(name, name)), value) for name, value in _facts(card)],
    )


def _words_of_card(card: Card) -> str:
    label = LABELS.get(str(card.get("kind")), LABELS["contents"])
    first = ": ".join(filter(None, (label, str(card.get("title", "")))))
    lines = [first, *(str(card[name]) for name in ("text", "url") if card.get(name))]
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in _facts(card))])


def _facts(card: Card) -> list[tuple[str, str]]:
    rows = card.get("facts") or []
    found = [(str(row[0]), str(row[1])) for row in rows if isinstance(row, list) and len(row) > 1]
    return [(name, value) for name, value in found if name not in UNTOLD]
