"""Presented cards: what a run's calls of ``present`` put below the message that it leaves."""

from collections.abc import Iterable
from typing import Any

import orjson

from chats.models import ToolCall
from conversations import cards

Json = dict[str, Any]


def cards_of(calls: Iterable[ToolCall]) -> list[Json]:
    """Return the cards of a run's calls that were made, in their order, the newest at most."""
    shown = [card for call in calls for card in _cards_of(call)]
    return shown[-cards.MOST_CARDS :]


def _cards_of(call: ToolCall) -> list[Json]:
    """Return the cards of one call; a picture that is no more is left out."""
    try:
        found = cards.checked(call.arguments.get("cards"))
        files = orjson.loads(call.result).get("files", {})
    except (ValueError, AttributeError):  # the rules have changed since
        return []
    return [_with_file(card, files) for card in found if _is_there(card, files)]


def _is_there(card: Json, files: Json) -> bool:
    return card["type"] != "image" or card["image"] in files


def _with_file(card: Json, files: Json) -> Json:
    if card["type"] != "image":
        return card
    kept = {name: value for name, value in card.items() if name != "image"}
    return {**kept, "file": files[card["image"]]}
