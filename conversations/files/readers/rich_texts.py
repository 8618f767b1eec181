"""Rich text (RTF): its words."""

from typing import IO, Any

from striprtf.striprtf import rtf_to_text

from conversations.files.readers.bounds import Text, counted

_rtf_to_text: Any = rtf_to_text
"""The library, which says nothing of types."""


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the words of a rich text, and how many they are."""
    text = Text()
    words: str = _rtf_to_text(source.read().decode("latin-1"), errors="replace")
    for line in words.splitlines():
        text.add(line)
    whole = text.whole()
    return whole, counted(len(whole.split()), "word")
