"""Cards as WhatsApp shows them: up to three buttons or ten list rows, else text."""

from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]

MOST_BUTTONS = 3
MOST_ROWS = 10
LONGEST_BODY = 1024
LONGEST_BUTTON = 20
LONGEST_ROW = 24
LONGEST_DETAIL = 72
LONGEST_ID = 200
OPEN_LIST = "Choose"
BODY = "Please choose:"


def is_choice(card: Mapping[str, Any]) -> bool:
    """Return whether a card can be shown as buttons or as a list."""
    return bool(_options(card)) and len(_options(card)) <= MOST_ROWS


def interactive(card: Mapping[str, Any], text: str) -> Json:
    """Return the interactive message of a choice, the words of ``body`` above it."""
    options = _options(card)
    fits = len(options) <= MOST_BUTTONS and all(
        len(option["title"]) <= LONGEST_BUTTON and not option["description"] for option in options
    )
    action = _buttons(options) if fits else _list(card, options)
    return {
        "type": "button" if fits else "list",
        "body": {"text": body(card, text)[:LONGEST_BODY]},
        **action,
    }


def body(card: Mapping[str, Any], text: str) -> str:
    """Return what stands above a choice: ``text``, then what else the card itself says."""
    own = (str(card.get(name) or "") for name in ("title", "text"))
    told = [text, *(words for words in own if words not in text)]
    return "\n\n".join(filter(None, told)) or BODY


def value_of(cards: Iterable[Mapping[str, Any]], told: str) -> str:
    """Return the value of the option that was sent with the id ``told``; empty: there is none."""
    values = (option["value"] for card in cards for option in _options(card))
    return next((value for value in values if value[:LONGEST_ID] == told), "")


def as_text(cards: Iterable[Mapping[str, Any]]) -> str:
    """Return what of cards can be read: titles, texts, rows, addresses and choices, by lines."""
    return "\n\n".join(filter(None, ("\n".join(_lines(card)) for card in cards)))


def _lines(card: Mapping[str, Any]) -> list[str]:
    lines = [str(card[name]) for name in ("title", "text", "url") if card.get(name)]
    rows = _rows(card)
    lines += [" | ".join(map(str, row)) if isinstance(row, list) else str(row) for row in rows]
    return [*lines, *(f"- {option['title']}" for option in _options(card))]


def _rows(card: Mapping[str, Any]) -> list[Any]:
    rows = card.get("rows")
    header = card.get("columns")
    found = rows if isinstance(rows, list) else []
    return [header, *found] if isinstance(header, list) and header else found


def _options(card: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the choices of a card of buttons or of a list: title, value, description."""
    raw = card.get("buttons") if card.get("type") == "buttons" else card.get("items")
    if card.get("type") not in {"buttons", "list"} or not isinstance(raw, list):
        return []
    found = []
    for one in raw:
        told = one if isinstance(one, dict) else {"title": one}
        title = str(told.get("title") or told.get("label") or told.get("value") or "").strip()
        if title:
            found.append(
                {
                    "title": title,
                    "value": str(told.get("value") or title),
                    "description": str(told.get("description") or ""),
                }
            )
    return found


def _buttons(options: list[dict[str, str]]) -> Json:
    replies = [{"id": option["value"][:LONGEST_ID], "title": option["title"]} for option in options]
    return {"action": {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}}


def _list(card: Mapping[str, Any], options: list[dict[str, str]]) -> Json:
    rows = []
    for option in options:
        row = {"id": option["value"][:LONGEST_ID], "title": option["title"][:LONGEST_ROW]}
        detail = option["description"]
        if not detail and len(option["title"]) > LONGEST_ROW:
            detail = option["title"]
        rows.append(row | ({"description": detail[:LONGEST_DETAIL]} if detail else {}))
    label = str(card.get("button") or OPEN_LIST)[:LONGEST_BUTTON]
    return {"action": {"button": label, "sections": [{"rows": rows}]}}
