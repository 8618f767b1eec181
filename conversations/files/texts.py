"""Texts in files: the part of a document that a model may read."""

from conversations.files import charsets
from conversations.files.kinds import table
from conversations.files.kinds.types import Content

READABLE = table.types_with(Content.TEXT)
MOST = 20_000
"""Code points of one document that are read."""
MOST_BYTES = MOST * 4
CUT = "[… cut]"


def read(data: bytes) -> tuple[str, str]:
    """Return the beginning of a text, and its extent, which says so if the charset is a guess.

    The charset is the one that the text declares, or seems to be in.
    """
    is_cut = len(data) >= MOST_BYTES
    data = data[:MOST_BYTES]
    found = charsets.decoded(data, declared=charsets.declared_in(data), is_whole=not is_cut)
    text = charsets.tidied(found.text)
    is_cut = is_cut or len(text) > MOST
    text = text[:MOST]
    extent = charsets.with_doubt(_extent(text, is_cut=is_cut), found)
    return (f"{text}\n{CUT}" if is_cut else text), extent


def _extent(text: str, *, is_cut: bool) -> str:
    """Return how many lines were read; how many characters, where not even one was."""
    lines = len(text.splitlines()) or 1
    if is_cut:
        return f"the first {lines:,} lines" if lines > 1 else f"the first {len(text):,} characters"
    return f"{lines:,} line" if lines == 1 else f"{lines:,} lines"
