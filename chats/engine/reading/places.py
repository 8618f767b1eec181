"""Places: whether the end of a text that comes in pieces lies within Markdown's code."""

import re

_SIGN = re.compile(r"\n|`+|~+|[ ]+|[^\n`~ ]+")
_FENCE_LENGTH = 3
_MOST_INDENT = 3


class Place:
    """The end of a text; ``has_tag`` says that a tag was opened in the code that is open there."""

    def __init__(self) -> None:
        """Start at the beginning of a text."""
        self.has_tag = False
        self._is_fence = False
        self._is_span = False
        self._indent = 0
        self._is_blank = True
        self._run = ""
        self._begins_line = False

    @property
    def is_code(self) -> bool:
        """Whether a fence or a code span is open."""
        return self._is_fence or self._is_span

    def feed(self, text: str) -> None:
        """Read on; what was read before is not read again."""
        for match in _SIGN.finditer(text):
            sign = match[0]
            if sign[0] in "`~":
                self._take_run(sign)
            else:
                self._take_other(sign)
            self.has_tag = self.has_tag and self.is_code

    def _take_run(self, sign: str) -> None:
        if self._run[:1] != sign[0]:
            self._begins_line = self._is_blank and self._indent <= _MOST_INDENT
            self._is_span = self._is_span != (sign[0] == "`")
            self._run = ""
        was_short = len(self._run) < _FENCE_LENGTH
        self._run = (self._run + sign)[:_FENCE_LENGTH]
        if self._begins_line and was_short and len(self._run) == _FENCE_LENGTH:
            self._is_fence = not self._is_fence
        self._is_blank = False

    def _take_other(self, sign: str) -> None:
        self._run = ""
        if sign == "\n":
            self._indent, self._is_blank, self._is_span = 0, True, False
        elif sign[0] == " ":
            self._indent += len(sign)
        else:
            self._is_blank = False
