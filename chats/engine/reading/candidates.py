"""Candidates: texts that have begun like a tool call, each read until it is one or is none.

A candidate is given the text from its beginning in pieces, and reads each of them once.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass

from chats.engine.reading.call_markup import SAME
from chats.engine.reading.call_shapes import CallReader, Written

HEAD = 400
"""Characters in which a candidate must show that it may be a call."""
LONGEST_CLOSE = 100
"""Characters of what closes a candidate."""


@dataclass(frozen=True)
class Ending:
    """How a candidate ends: as ``length`` characters that are a call, or as none with 0.

    ``attempt`` is the text of a call that cannot be read, ``said`` an answer that stood beside the
    calls, ``opened`` what stood before them. With ``is_lead`` the characters only announce a call,
    and share its fate.
    """

    length: int = 0
    calls: tuple[Written, ...] = ()
    attempt: str = ""
    said: str = ""
    opened: str = ""
    is_lead: bool = False


NONE = Ending()


class Candidate(ABC):
    """What may be a call; ``text`` is what has come of it."""

    def __init__(self, reader: CallReader) -> None:
        """Begin with nothing; ``reader`` knows the tools."""
        self._reader = reader
        self._pieces: list[str] = []
        self.length = 0
        self.first = 1
        """Characters at the beginning behind which calls are looked for if it is none."""
        self.covered = 0
        """Characters at the beginning in which no line begins a call if it is none."""
        self._start = ""
        self._tail = ""

    @property
    def text(self) -> str:
        """What has come so far."""
        return "".join(self._pieces)

    def feed(self, piece: str) -> Ending | None:
        """Take more text; return how the candidate ends, None where that is still to come."""
        is_early = self.length <= HEAD
        self._pieces.append(piece)
        self.length += len(piece)
        if is_early:
            self._start = (self._start + piece)[: HEAD + 1]
            if not self._may_be(self._start):
                return NONE
        return self._look(piece)

    def _find(
        self, pattern: re.Pattern[str], piece: str, first: int
    ) -> tuple[int, int, str] | None:
        """Return where ``pattern`` is in what the last piece completes, and what was found."""
        text = self._tail + piece
        before = self.length - len(text)
        match = pattern.search(text.translate(SAME), max(first - before, 0))
        self._tail = text[-LONGEST_CLOSE:]
        return (before + match.start(), before + match.end(), match[0]) if match else None

    @abstractmethod
    def end(self) -> Ending:
        """Return how the candidate ends where no more text comes."""

    @abstractmethod
    def _may_be(self, start: str) -> bool:
        """Return whether a text that begins so may be a call."""

    @abstractmethod
    def _look(self, piece: str) -> Ending | None:
        """Look for the end in the last piece."""
