"""Cards as WhatsApp shows them: up to three buttons or ten list rows, else text."""

from collections.abc import Mapping, Sequence
from typing import Any

from conversations.cards import options
from conversations.models import AuthorKind, Message
from conversations.services.choices import Choice

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


def interactive(card: Mapping[str, Any], text: str) -> Json:
    """Return the interactive message of a choice, the words of ``body`` above it."""
    offered = options(card)
    fits = len(offered) <= MOST_BUTTONS and all(
        len(option["title"]) <= LONGEST_BUTTON and not _beside(option) for option in offered
    )
    action = _buttons(offered) if fits else _list(card, offered)
    return {
        "type": "button" if fits else "list",
        "body": {"text": body(card, text)[:LONGEST_BODY]},
        **action,
    }


def body(card: Mapping[str, Any], text: str) -> str:
    """Return the text above a choice: ``text``, then the card's own title and text."""
    own = (str(card.get(name) or "") for name in ("title", "text"))
    paragraphs = [text, *(words for words in own if words not in text)]
    return "\n\n".join(filter(None, paragraphs)) or BODY


def value_of(cards: Sequence[Mapping[str, Any]], chosen: str) -> str:
    """Return the value of the option with the id ``chosen``; empty where there is none."""
    found = place_of(cards, chosen)
    return options(cards[found[0]])[found[1]]["value"] if found else ""


def place_of(cards: Sequence[Mapping[str, Any]], chosen: str) -> tuple[int, int] | None:
    """Return the card and its option with the id ``chosen``, from 0; None where there is none."""
    places = (
        (at, number)
        for at, card in enumerate(cards)
        for number, option in enumerate(options(card))
        if option["value"][:LONGEST_ID] == chosen
    )
    return next(places, None)


def choice_of(offer: Message, chosen: str) -> Choice | None:
    """Return the option of our message ``offer`` with the id ``chosen``; None for typed words."""
    place = place_of(offer.cards, chosen) if chosen else None
    if place is None or offer.author_kind == AuthorKind.CUSTOMER:
        return None
    return Choice(message=offer.pk, card=place[0], option=place[1])


def _buttons(offered: list[dict[str, str]]) -> Json:
    replies = [{"id": option["value"][:LONGEST_ID], "title": option["title"]} for option in offered]
    return {"action": {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}}


def _beside(option: dict[str, str]) -> str:
    """Return what stands beside a choice's title, on one line."""
    return " · ".join(filter(None, (option["note"], option["description"])))


def _list(card: Mapping[str, Any], offered: list[dict[str, str]]) -> Json:
    rows = []
    for option in offered:
        row = {"id": option["value"][:LONGEST_ID], "title": option["title"][:LONGEST_ROW]}
        detail = _beside(option)
        if not detail and len(option["title"]) > LONGEST_ROW:
            detail = option["title"]
        rows.append(row | ({"description": detail[:LONGEST_DETAIL]} if detail else {}))
    label = str(card.get("button") or OPEN_LIST)[:LONGEST_BUTTON]
    return {"action": {"button": label, "sections": [{"rows": rows}]}}
