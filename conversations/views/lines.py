"""System lines in the reader's language; they are stored in English."""

import re
from functools import cache

from django.utils.translation import gettext

from conversations.models import Message
from conversations.services.floor import ASKED_BY_STAFF, LINES

_PLACE = re.compile(r"\\\{(\w+)\\\}")


def line_of(message: Message) -> str:
    """Return a system line with the names that it was stored with; another entry's own text."""
    for line in _lines(message.change):
        if match := _pattern(line).fullmatch(message.text):
            return gettext(line).format(**match.groupdict())
    return message.text


def _lines(change: str) -> tuple[str, ...]:
    known = (LINES[change],) if change in LINES else ()
    return (ASKED_BY_STAFF, *known) if change == "requested" else known


@cache
def _pattern(line: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(line)), re.DOTALL)
