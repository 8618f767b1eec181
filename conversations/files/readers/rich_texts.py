"""Rich text (RTF): its words."""

import re
from typing import IO, Any

from striprtf.striprtf import rtf_to_text

from conversations.files.readers.bounds import Text

_ASIDE = re.compile(r"(?<!\\)\\(?:(?:header|footer)[lrf]?|footnote)(?![a-z])")
"""Heads and feet of pages, and notes, which the library leaves out."""
_rtf_to_text: Any = rtf_to_text
"""The library, which says nothing of types."""


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the words of a rich text, and how many they are."""
    text = Text()
    marked = _ASIDE.sub(r"\\par", source.read().decode("latin-1"))
    words: str = _rtf_to_text(marked, errors="replace")
    for line in words.splitlines():
        text.add(line)
    return text.in_words()
