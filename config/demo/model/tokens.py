"""Tokens: the pieces in which the demo model writes, and by which it counts."""

import re

_TOKEN = re.compile(r"\s*\S{1,6}|\s+")


def split(text: str) -> list[str]:
    """Return the tokens of ``text``; joined they are the text again."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """Return how many tokens ``text`` has."""
    return len(split(text))
