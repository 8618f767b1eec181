"""Cards as text: choices, tables and links, as a person can read them by lines."""

from collections.abc import Iterable, Sequence
from typing import Any

from conversations.cards.schema import Card

CHOICE = "choice"
"""The type of the card beside a writer's message that was chosen, not typed."""


def parted(cards: Sequence[Card], *, at_most: int) -> tuple[str, Card | None]:
    """Split cards into text to read and the first choice of 1 to ``at_most`` options.

    That choice is for the source to show; everything else is text, other choices at its end.
    """
    choices = [card for card in cards if 1 <= len(options(card)) <= at_most]
    shown = [card for card in cards if card not in choices]
    return as_text([*shown, *choices[1:]]), choices[0] if choices else None


def as_text(cards: Iterable[Card]) -> str:
    """Return the text of cards: titles, texts, rows, addresses and choices, by lines.

    What was chosen is no card of its own: the writer's message says it.
    """
    shown = (card for card in cards if card.get("type") != CHOICE)
    return "\n\n".join(filter(None, ("\n".join(_lines(card)) for card in shown)))


def options(card: Card) -> list[dict[str, str]]:
    """Return the choices of a card of buttons or of a list: title, value, description, note."""
    raw = card.get("buttons") if card.get("type") == "buttons" else card.get("items")
    if card.get("type") not in {"buttons", "list"} or not isinstance(raw, list):
        return []
    found = []
    for one in raw:
        option = one if isinstance(one, dict) else {"title": one}
        title = str(option.get("title") or option.get("label") or option.get("value") or "").strip()
        if title:
            found.append(
                {
                    "title": title,
                    "value": str(option.get("value") or title),
                    "description": str(option.get("description") or ""),
                    "note": str(option.get("note") or ""),
                }
            )
    return found


def _lines(card: Card) -> list[str]:
    lines = [str(card[name]) for name in ("title", "text", "url") if card.get(name)]
    rows = _rows(card)
    lines += [" | ".join(map(str, row)) if isinstance(row, list) else str(row) for row in rows]
    return [*lines, *(_line(option) for option in options(card))]


def _line(option: dict[str, str]) -> str:
    """Return a choice with what stands beside it."""
    beside = option.get("note")
    title = f"{option['title']} ({beside})" if beside else option["title"]
    return f"- {title}: {option['description']}" if option["description"] else f"- {title}"


def _rows(card: Card) -> list[Any]:
    rows = card.get("rows")
    header = card.get("columns")
    found = list(rows) if isinstance(rows, list) else []
    if isinstance(card.get("total"), list):
        found.append(card["total"])
    return [header, *found] if isinstance(header, list) and header else found
