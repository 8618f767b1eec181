"""Files of every kind that people send, each with what is right for it.

They are made from the formats as they are described, not from what Parley reads, so that a kind
that it takes for another is seen. ``python -m tests.fakes.corpus FOLDER`` writes them.
"""

from functools import cache
from importlib import import_module

from tests.fakes.corpus.specimens import Fate, Right, Specimen

__all__ = ["Fate", "Right", "Specimen", "specimens"]

_SHELVES = (
    *("scripts", "notes", "pages", "mails", "letters"),
    *("workbooks", "archives", "pictures", "cameras", "recordings", "others"),
)


@cache
def specimens() -> tuple[Specimen, ...]:
    """Return all files; what writes them takes a second to load, and is loaded here."""
    shelves = [import_module(f"{__name__}.{name}") for name in _SHELVES]
    return tuple(one for shelf in shelves for one in shelf.specimens())
