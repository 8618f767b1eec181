"""Bare calls: calls that stand in lines of their own with nothing around them but words.

``search(query="lamp")``, ``search {"query": "lamp"}``, or ``Action: search`` with its input.
Without such words before it, it is a call only where nothing follows, else an example.
"""

import re

from chats.engine.reading.bare_heads import LEADS, LONGEST_HEAD, MAYBE, Head, head_of
from chats.engine.reading.braces import Braces, Parentheses
from chats.engine.reading.call_shapes import CallReader, Written, values_in
from chats.engine.reading.candidates import NONE, Candidate, Ending
from chats.engine.reading.shapes import json_of

LONGEST = 16_000
"""Characters of a bare call."""
_TRAIL = re.compile(
    r"(?:[\s*_`)\]>.;'\"]|<\|?/?[a-z_]{1,20}\|?>|Observation:?(?=\s*\Z))*", re.IGNORECASE
)
_TRAIL_PARTIAL = re.compile(r"(?:<[^<>\s]{0,24}|O[a-z]{0,10}:?)\Z")
_MEANT = re.compile(r"[({]\s*(?:\\?[\"'](?!\w*\\?[\"']\s*[},])|\w+\s*[:=])")
"""How arguments begin, other than a placeholder as in ``{reason}``."""


class Bare(Candidate):
    """One bare call or several, each in a line of its own."""

    def __init__(self, reader: CallReader) -> None:
        """Begin before the line."""
        super().__init__(reader)
        self._calls: list[Written] = []
        self._rest = ""
        self._head: Head | None = None
        self._value: list[str] = []
        self._scanner: Braces | Parentheses | None = None
        self._is_attempt = False

    def end(self) -> Ending:
        """Take the text for calls where nothing is left of it."""
        if self._scanner:
            is_meant = self._is_meant("".join(self._value))
            return Ending(self.length, tuple(self._calls), self.text) if is_meant else NONE
        if self._is_attempt:
            is_last = not _TRAIL.sub("", self._rest)
            return Ending(self.length, tuple(self._calls), self.text) if is_last else NONE
        named = self._announced() if not self._calls else None
        if named:
            return Ending(self.length, (named,))
        is_over = self._calls and not _TRAIL.sub("", self._rest)
        return Ending(self.length, tuple(self._calls)) if is_over else NONE

    def _may_be(self, start: str) -> bool:
        return True

    def _look(self, piece: str) -> Ending | None:
        self._rest += piece
        if self.length > LONGEST:
            return NONE
        while self._rest:
            before = len(self._rest)
            was_value = self._scanner is not None
            ending = self._in_value() if was_value else self._in_line()
            if ending is not None:
                return ending
            if len(self._rest) == before and was_value == (self._scanner is not None):
                return None
        return None

    def _in_line(self) -> Ending | None:
        """Look for the beginning of a call, behind what may follow the call before."""
        if self._calls or self._is_attempt:
            trail = _TRAIL.match(self._rest)
            self._rest = self._rest[trail.end() if trail else 0 :]
            if not self._rest or _TRAIL_PARTIAL.fullmatch(self._rest):
                return None
        head = None if self._is_attempt else head_of(self._rest, self._reader.names)
        if head is None or (head is MAYBE and len(self._rest) > 2 * LONGEST_HEAD):
            return NONE
        if head is MAYBE:
            return None
        if not head.name:
            return Ending(head.place, is_lead=True) if not self._calls else NONE
        self._head = head
        self._scanner = Parentheses() if self._rest[head.place] == "(" else Braces()
        self._rest = self._rest[head.place :]
        return None

    def _in_value(self) -> Ending | None:
        """Look for the end of the arguments."""
        end = self._scanner.feed(self._rest) if self._scanner else None
        self._value.append(self._rest[:end])
        self._rest = self._rest[end:] if end is not None else ""
        if end is None:
            return None
        written, head = "".join(self._value), self._head or MAYBE
        self._value.clear()
        self._scanner = None
        call = self._call(head, written)
        length = self.length - len(self._rest)
        if call is None:
            return self._failed(head, written, length)
        self._calls.append(call)
        self.covered = length
        opened = self.text[: length - len(written)].replace(head.name, "")
        return Ending(length, tuple(self._calls), opened=opened) if head.lead else None

    def _failed(self, head: Head, written: str, length: int) -> Ending | None:
        """Take arguments that cannot be read for an attempt, if they were meant as arguments.

        Where only that or only the words before speak for it, nothing may follow.
        """
        is_meant = self._is_meant(written)
        is_meant = is_meant and (bool(head.lead) or written.startswith("{"))
        if head.lead and is_meant:
            return Ending(length, tuple(self._calls), self.text[:length])
        self._is_attempt = bool(head.lead) or (is_meant and not values_in(written))
        return None if self._is_attempt else NONE

    def _is_meant(self, written: str) -> bool:
        return _MEANT.match(written) is not None or not written.strip("({ \n")

    def _call(self, head: Head, written: str) -> Written | None:
        """Return the call of a tool with the arguments that are written behind its name."""
        name, reader = head.name, self._reader.sure if head.lead else self._reader
        inner = written.strip("()").strip() if written.startswith("(") else written
        if inner.startswith("{") and (values := values_in(inner)) and isinstance(values[0], dict):
            return Written(name, json_of(values[0])) if reader.fits(name, values[0]) else None
        found = reader.from_text(name + written) if written.startswith("(") else []
        return found[0] if found else None

    def _announced(self) -> Written | None:
        """Return the call of a tool that is announced and named, and nothing else."""
        text = self._rest.strip()
        bare = text.strip("*_`[]. ")
        name = next((name for name in self._reader.names if bare.endswith(name)), "")
        lead = bare[: len(bare) - len(name)].strip("*_`\"' :").lower()
        is_call = name and lead and lead in LEADS and self._reader.fits(name, {})
        return Written(name, "{}") if is_call else None


def bare_calls(text: str, reader: CallReader) -> list[Written]:
    """Return the bare calls of which ``text`` consists; none if it holds anything else."""
    candidate = Bare(reader)
    ending = candidate.feed(text.strip()) or candidate.end()
    return list(ending.calls) if ending.length == candidate.length else []
