"""Braces: where the brace is closed with which a text begins, in whatever pieces it comes."""

import re

_SIGNS = re.compile(r"[{}\[\]\"]")
_IN_TEXT = re.compile(r"[\"\\]")


class Braces:
    """Reads pieces of a text once each; braces within quotation marks are none.

    With ``is_escaped`` the quotation marks have a backslash before them, and are not looked at.
    """

    def __init__(self, *, is_escaped: bool = False) -> None:
        """Start with nothing read."""
        self.is_closed = False
        self._is_escaped = is_escaped
        self._depth = 0
        self._is_quoted = False
        self._is_skipping = False

    def feed(self, text: str, place: int = 0, stop: int | None = None) -> int | None:
        """Return where the brace is closed in ``text``, None where that is still to come."""
        stop = len(text) if stop is None else stop
        while not self.is_closed and place < stop:
            if self._is_skipping:
                self._is_skipping = False
                place += 1
                continue
            match = (_IN_TEXT if self._is_quoted else _SIGNS).search(text, place, stop)
            if match is None:
                return None
            place = match.end()
            self._take(match[0])
            if self.is_closed:
                return place
        return None

    def _take(self, sign: str) -> None:
        if sign == "\\":
            self._is_skipping = True
        elif sign == '"':
            self._is_quoted = not self._is_quoted and not self._is_escaped
        elif sign in "{[":
            self._depth += 1
        else:
            self._depth -= 1
            self.is_closed = self._depth <= 0
