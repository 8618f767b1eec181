"""Texts of messages as one line, for lists, quotes and notifications."""

from functools import lru_cache

from conversations import cards
from conversations.markup import words
from conversations.models import AuthorKind, Message

LONGEST = 160
_MOST_BRACKETS = 30
"""Brackets of a text that is parsed for its line: they are looked through again and again."""
_PROGRAMS = (AuthorKind.ASSISTANT, AuthorKind.SYSTEM)
REMEMBERED = 256


def of(message: Message) -> str:
    """Return one line of at most 160 characters; marks are dropped where a program wrote them.

    Of a message without a text it is that of its cards.
    """
    has_marks = message.author_kind in _PROGRAMS and message.kind == Message.Kind.MESSAGE
    text = message.text[: words.SHORT]
    if not text and has_marks:
        return of_typed(cards.as_text(message.cards))
    return of_typed(_words(text) if has_marks else text)


def of_typed(text: str) -> str:
    """Return ``text`` as it was typed on one line of at most 160 characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


@lru_cache(maxsize=REMEMBERED)
def _words(text: str) -> str:
    return text if text.count("[") > _MOST_BRACKETS else words.of_markdown(text)
