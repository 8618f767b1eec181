"""System lines in the reader's language; they are stored in English."""

from channels_layer import sentences
from conversations.models import Message
from conversations.services.floor import ASKED_BY_STAFF, LINES


def line_of(message: Message) -> str:
    """Return a system line with the names that it was stored with; another entry's own text."""
    return sentences.translated(message.text, among=_lines(message.change))


def _lines(change: str) -> tuple[str, ...] | None:
    """Return the lines about a change of the floor; None for other lines, which are registered."""
    if change not in LINES:
        return None
    return (ASKED_BY_STAFF, LINES[change]) if change == "requested" else (LINES[change],)
