"""Cards of messages: choices, tables and links, as a person can read them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Card = Mapping[str, Any]


def parted(cards: Sequence[Card], *, at_most: int) -> tuple[str, Card | None]:
    """Split cards into text to read and the first choice of 1 to ``at_most`` options.

    That choice is for the source to show; everything else is text, other choices at its end.
    """
    choices = [card for card in cards if 1 <= len(options(card)) <= at_most]
    shown = [card for card in cards if card not in choices]
    return as_text([*shown, *choices[1:]]), choices[0] if choices else None


def as_text(cards: Iterable[Card]) -> str:
    """Return the text of cards: titles, texts, rows, addresses and choices, by lines."""
    return "\n\n".join(filter(None, ("\n".join(_lines(card)) for card in cards)))


def options(card: Card) -> list[dict[str, str]]:
    """Return the choices of a card of buttons or of a list: title, value, description."""
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
                }
            )
    return found


def _lines(card: Card) -> list[str]:
    lines = [str(card[name]) for name in ("title", "text", "url") if card.get(name)]
    rows = _rows(card)
    lines += [" | ".join(map(str, row)) if isinstance(row, list) else str(row) for row in rows]
    return [*lines, *(f"- {option['title']}" for option in options(card))]


def _rows(card: Card) -> list[Any]:
    rows = card.get("rows")
    header = card.get("columns")
    found = rows if isinstance(rows, list) else []
    return [header, *found] if isinstance(header, list) and header else found
