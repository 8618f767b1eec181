"""Types of files: what one row of the table says."""

from dataclasses import dataclass
from enum import StrEnum

IMAGE = "image"
AUDIO = "audio"
VIDEO = "video"
DOCUMENT = "document"

_PLAYED = frozenset(
    ["mp3", "ogg", "wav", "m4a", "aac", "flac", "webm_sound", "mp4", "mov", "webm", "ogv"]
)
"""Recordings and films that browsers play."""

_WITH_MACROS = frozenset(["docm", "xlsm", "pptm", "xlsb_macros", "doc_macros", "xls_macros"])
"""Office files that hold programs; nothing here runs them."""


class Content(StrEnum):
    """The part of a file's content that a model gets."""

    SEEN = "seen"
    SAID = "said"
    TEXT = "text"
    DOCUMENT = "document"
    """The text, which the limited process reads."""
    ENTRIES = "entries"
    """The names of what it holds, which the limited process reads."""
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class FileType:
    """One row: a type of file, from its bytes to what people and models get of it.

    Only a harmless document is served under its own type (``is_served``).
    """

    name: str
    label: str
    content_type: str
    kind: str = DOCUMENT
    endings: tuple[str, ...] = ()
    known_by: str
    content: Content = Content.NOTHING
    is_served: bool = False
    is_refused: bool = False
    is_locked: bool = False

    @property
    def is_played(self) -> bool:
        """Whether browsers play it in place."""
        return self.name in _PLAYED

    @property
    def has_macros(self) -> bool:
        """Whether it holds macros, which whoever opens it might run."""
        return self.name in _WITH_MACROS
