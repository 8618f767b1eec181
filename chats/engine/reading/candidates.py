"""Candidates: texts that have begun like a tool call, each read until it is one or is none.

A candidate is given the text from its beginning in pieces, and reads each of them once.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

from chats.engine.reading import call_markup
from chats.engine.reading.braces import Braces
from chats.engine.reading.call_markup import SAME
from chats.engine.reading.call_shapes import KEYS, CallReader, Written, first_value

FUNCTOOLS = "functools"
_HEAD = 400
"""Characters in which a candidate must show that it may be a call."""
_LONGEST_CLOSE = 100
_LANGUAGES = frozenset(
    {"", "json", "json5", "tool_call", "tool_calls", "tool_code", "tool", "tools", "xml"}
    | {"function_call", "function", "python", "py", "javascript", "plaintext", "text", "txt"}
)
"""Languages of fences in which models put calls."""
_BEGINNING = re.compile(r"\[?\s*(?:\{\s*(?:([\"'])([\w .-]*)(?:\1\s*(:)?)?)?)?")
_LIST_OF_CALLS = re.compile(r"\[\s*([A-Za-z_]\w*)(\()?")
"""Calls as Llama and Gemma write them: ``[search(query="lamp")]``."""
_PYTHON = re.compile(r"\s*(?:print\s*\(\s*)?(?:[\w]+\.)?(\w*)\s*(\()?")
_LOOK = re.compile(r"[\"'](?:name|function|tool|tool_name)[\"']\s*:\s*[\"']([\w.:-]+)")
_LOOK_BESIDE = re.compile(r"[\"'](?:arguments|parameters|args)[\"']\s*:")


@dataclass(frozen=True)
class Ending:
    """How a candidate ends: as ``length`` characters that are a call, or as none with 0.

    ``attempt`` is the text of a call that cannot be read.
    """

    length: int = 0
    calls: tuple[Written, ...] = ()
    attempt: str = ""


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
        self._start = ""
        self._tail = ""

    @property
    def text(self) -> str:
        """What has come so far."""
        return "".join(self._pieces)

    def feed(self, piece: str) -> Ending | None:
        """Take more text; return how the candidate ends, None where that is still to come."""
        is_early = self.length <= _HEAD
        self._pieces.append(piece)
        self.length += len(piece)
        if is_early:
            self._start = (self._start + piece)[: _HEAD + 1]
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
        self._tail = text[-_LONGEST_CLOSE:]
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


class Tagged(Candidate):
    """A call between tags: it ends with the closing one, or with the text."""

    def __init__(self, reader: CallReader, opening: str, closing: re.Pattern[str]) -> None:
        """Begin with the ``opening`` tag, as it was found in text whose signs are ``SAME``."""
        super().__init__(reader)
        self._opening = opening
        self._closing = closing

    def end(self) -> Ending:
        """Take the rest of the text for the call."""
        return self._ending(self.length, self.length)

    def _may_be(self, start: str) -> bool:
        return True

    def _look(self, piece: str) -> Ending | None:
        close = self._find(self._closing, piece, len(self._opening))
        return self._ending(close[0], close[1]) if close else None

    def _ending(self, stop: int, length: int) -> Ending:
        text = self.text
        body = text[len(self._opening) : stop].translate(SAME)
        calls = call_markup.calls_in(self._opening, body, self._reader)
        return Ending(length, tuple(calls), text[:length])


class Fenced(Candidate):
    """A fence that holds nothing but a call."""

    def __init__(self, reader: CallReader, head: str, mark: str, language: str) -> None:
        """Begin with the line ``head``: ``mark`` opens the fence."""
        super().__init__(reader)
        self._head = len(head)
        self._mark = mark
        self._language = language.lower()
        self._line = ""
        self._is_head = head.endswith("\n")

    def end(self) -> Ending:
        """Take the text for a fence that is not closed."""
        closed = self._line if self._closes(self._line) else ""
        return self._ending(self.length - len(closed), self.length)

    def _may_be(self, start: str) -> bool:
        """Return whether a fence's body may be a call, as far as it has come."""
        if self._language not in _LANGUAGES:
            return False
        body = start[self._head :].lstrip()
        plain = body.translate(SAME)
        is_tag = call_markup.OPENING.match(plain) or call_markup.PARTIAL.fullmatch(plain)
        if not body or is_tag or begins_call(body, self._reader):
            return True
        match = _PYTHON.match(body) if self._language.startswith(("tool", "py")) else None
        if match and match[2]:
            return match[1] in self._reader.names
        return match is not None and match.end() == len(body)

    def _look(self, piece: str) -> Ending | None:
        first, *more = piece.split("\n")
        place = self.length - len(piece) - len(self._line)
        line = self._line + first
        for following in more:
            if not self._is_head and self._closes(line):
                return self._ending(place, place + len(line))
            self._is_head = False
            place += len(line) + 1
            line = following
        self._line = line[: _LONGEST_CLOSE + self._head]
        return None

    def _closes(self, line: str) -> bool:
        run = line.strip(" \t\r")
        return len(run) >= len(self._mark) and not run.strip(self._mark[0])

    def _ending(self, stop: int, length: int) -> Ending:
        inner = self.text[self._head : stop]
        inner = inner.rstrip().removesuffix(self._mark)
        plain = inner.translate(SAME)
        if call_markup.OPENING.match(plain.strip()):
            return Ending(length, tuple(call_markup.tagged_calls(plain, self._reader)), inner)
        calls = self._reader.from_text(inner)
        is_call = calls or looks_like_call(inner, self._reader)
        return Ending(length, tuple(calls), inner) if is_call else NONE


class Spanned(Candidate):
    """A code span that holds nothing but a call of an offered tool."""

    def __init__(self, reader: CallReader, ticks: str) -> None:
        """Begin with the ``ticks`` that open the span."""
        super().__init__(reader)
        self._ticks = ticks
        self._closing = re.compile(rf"{ticks}|\n\n")

    def end(self) -> Ending:
        """Take the text for a span that is not closed."""
        return self._ending(self.text[len(self._ticks) :], self.length)

    def _may_be(self, start: str) -> bool:
        inner = start[len(self._ticks) :].partition(self._ticks)[0]
        plain = inner.translate(SAME)
        is_tag = call_markup.OPENING.match(plain) or call_markup.PARTIAL.fullmatch(plain)
        return bool(is_tag) or begins_call(inner, self._reader)

    def _look(self, piece: str) -> Ending | None:
        close = self._find(self._closing, piece, len(self._ticks))
        if close is None:
            return None
        start, end, found = close
        return self._ending(self.text[len(self._ticks) : start], end) if found.strip() else NONE

    def _ending(self, inner: str, length: int) -> Ending:
        plain = inner.translate(SAME)
        found = []
        if call_markup.OPENING.match(plain):
            found = call_markup.tagged_calls(plain, self._reader)
        found = found or self._reader.from_text(inner)
        if not found or any(call.name not in self._reader.names for call in found):
            return NONE
        return Ending(length, tuple(found))


class Value(Candidate):
    """A call in JSON or in Python's notation, which begins with a brace."""

    def __init__(self, reader: CallReader) -> None:
        """Begin before the brace."""
        super().__init__(reader)
        self._braces = Braces()

    def end(self) -> Ending:
        """Take the first paragraph for a call where it was meant as one."""
        text = self.text
        if not looks_like_call(text, self._reader):
            return NONE
        end = text.find("\n\n")
        return Ending(self.length if end < 0 else end, attempt=text)

    def _may_be(self, start: str) -> bool:
        return begins_call(start, self._reader)

    def _look(self, piece: str) -> Ending | None:
        end = self._braces.feed(piece)
        if end is None:
            return None
        length = self.length - len(piece) + end
        return self._ending(self.text[:length])

    def _ending(self, written: str) -> Ending:
        if value := first_value(written):
            calls = self._reader.calls_of(value[0])
            return Ending(value[1], tuple(calls)) if calls else NONE
        calls = self._reader.from_text(written)
        is_call = calls or looks_like_call(written, self._reader)
        return Ending(len(written), tuple(calls), written) if is_call else NONE


class Functools(Candidate):
    """A list of calls behind the word ``functools``."""

    def __init__(self, reader: CallReader) -> None:
        """Begin before the word."""
        super().__init__(reader)
        self._value = Value(reader)

    def end(self) -> Ending:
        """Take the rest for the list."""
        return self._whole(self._value.end())

    def _may_be(self, start: str) -> bool:
        return True

    def _look(self, piece: str) -> Ending | None:
        before = self.length - len(piece)
        ending = self._value.feed(piece[max(len(FUNCTOOLS) - before, 0) :])
        return ending and self._whole(ending)

    def _whole(self, ending: Ending) -> Ending:
        longer = ending.length and ending.length + len(FUNCTOOLS)
        return replace(ending, length=longer)


def begins_call(text: str, reader: CallReader) -> bool:
    """Return whether JSON may become a call, as far as it has come."""
    if called := _LIST_OF_CALLS.match(text):
        is_cut = called.end() == len(text)
        is_begun = is_cut and any(one.startswith(called[1]) for one in reader.names)
        return called[1] in reader.names if called[2] else is_begun
    match = _BEGINNING.match(text)
    if match is None or not match[0]:
        return False
    keys, key = KEYS | reader.names, match[2]
    if match[3]:
        return key in keys
    is_cut = match.end() == len(text) < _HEAD
    return is_cut and (key is None or any(one.startswith(key) for one in keys))


def looks_like_call(text: str, reader: CallReader) -> bool:
    """Return whether text that is no JSON was meant as a call."""
    match = _LOOK.search(text)
    if match is None:
        return False
    return match[1] in reader.names or _LOOK_BESIDE.search(text) is not None
