"""Braces: where the brace is closed with which a text begins, in whatever pieces it comes."""

import re

_IN_TEXT = {mark: re.compile(rf"[{mark}\\]") for mark in "\"'"}


class Braces:
    """Reads pieces of a text once each; braces within quotation marks are none."""

    _signs = re.compile(r"[{}\[\]\"\\]")
    _opening = "{["
    _marks = '"'

    def __init__(self) -> None:
        """Start with nothing read."""
        self.is_closed = False
        self._depth = 0
        self._mark = ""
        self._is_skipping = False

    def feed(self, text: str) -> int | None:
        """Return where the brace is closed in ``text``, None where that is still to come."""
        place = 0
        while place < len(text):
            if self._is_skipping:
                self._is_skipping = False
                place += 1
                continue
            signs = _IN_TEXT[self._mark] if self._mark else self._signs
            match = signs.search(text, place)
            if match is None:
                return None
            place = match.end()
            if self._closes(match[0]):
                return place
        return None

    def _closes(self, sign: str) -> bool:
        """Take one sign; return whether it closes the first brace."""
        if sign == "\\":
            self._is_skipping = True
        elif sign in self._marks:
            self._mark = "" if self._mark else sign
        elif sign in self._opening:
            self._depth += 1
        else:
            self._depth -= 1
            self.is_closed = self._depth <= 0
            return self.is_closed
        return False


class Parentheses(Braces):
    """The same for the arguments of a call in Python."""

    _signs = re.compile(r"[{}\[\]()\"'\\]")
    _opening = "{[("
    _marks = "\"'"
