"""Bounds of reading: how much of a document is read, and the words for what is not."""

import zipfile
from collections.abc import Iterable
from typing import IO

from conversations.files.texts import CUT, MOST

MOST_ROWS = 5_000
MOST_CELLS = 20_000
MOST_COLUMNS = 100
MOST_SHEETS = 20
MOST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 5_000

TOO_LARGE = "The document is too large to be read."
TOO_COMPLICATED = "The document is too complicated to be read."
LOCKED = "The document is protected by a password."
BROKEN = "The document is damaged and could not be read."


class RefusedError(Exception):
    """The document is not read; the message says why, in plain words."""


class Text:
    """A text that collects lines up to a length."""

    def __init__(self) -> None:
        """Begin without any."""
        self.lines: list[str] = []
        self._left = MOST

    def is_full(self) -> bool:
        """Return whether further lines are left out."""
        return self._left <= 0

    def add(self, line: str) -> None:
        """Add a line, or as much of it as there is room for."""
        line = line.replace("\x00", "").strip()
        if not line or self.is_full():
            return
        line = line.encode(errors="replace").decode()
        self.lines.append(line[: self._left])
        self._left -= len(line) + 1

    def whole(self) -> str:
        """Return all lines; what was left out is marked."""
        text = "\n".join(self.lines)
        return f"{text}\n{CUT}" if self.is_full() else text

    def in_words(self) -> tuple[str, str]:
        """Return all lines, and how many words they have; the first words where some are cut."""
        number = sum(len(line.split()) for line in self.lines)
        words = counted(number, "word")
        return self.whole(), f"the first {words}" if self.is_full() else words


def counted(number: int, noun: str, *, of: int | None = None) -> str:
    """Return how much was read: ``1 page``, ``12 pages``, ``the first 100 of 240 pages``."""
    if of is not None and of > number:
        return f"the first {number:,} of {of:,} {noun}s"
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def joined(cells: Iterable[str]) -> str:
    """Return the cells of a row as one line."""
    return " | ".join(" ".join(cell.split()) for cell in cells).strip(" |")


def refuse_bombs(source: IO[bytes]) -> None:
    """Refuse an archive by its declared sizes; more than that is never unpacked from it."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        raise RefusedError(BROKEN) from None
    if any(member.flag_bits & 1 for member in members):
        raise RefusedError(LOCKED)
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise RefusedError(TOO_LARGE)
    source.seek(0)
