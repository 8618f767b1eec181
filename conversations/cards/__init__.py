"""Cards of messages: tables, lists, buttons, images and links beside a text."""

from conversations.cards.schema import KINDS, MOST_CARDS, PARAMETERS, Card, CardError, checked
from conversations.cards.words import as_text, options, parted

__all__ = [
    "KINDS",
    "MOST_CARDS",
    "PARAMETERS",
    "Card",
    "CardError",
    "as_text",
    "checked",
    "options",
    "parted",
]
