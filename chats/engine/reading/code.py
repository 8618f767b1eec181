"""Code: whether a place in Markdown lies within code, where a tag is written and not meant."""

import re

_SIGN = re.compile(r"\n|`+|~+|[ ]+|[^\n`~ ][^\n`~]*")
_FENCE_LENGTH = 3
_LONGEST_RUN = 100
_MOST_INDENT = 3


class Code:
    """Follows a text that comes in pieces: whether a fence or a span is open at its end.

    ``has_tag`` says that a tag was opened in the code that is open there.
    """

    def __init__(self) -> None:
        """Start at the beginning of a text."""
        self.has_tag = False
        self._fence = ""
        self._span = ""
        self._run = ""
        self._indent = 0
        self._is_blank = True
        self._may_close = False
        self._is_opening = False

    @property
    def is_open(self) -> bool:
        """Whether the place lies within code."""
        return bool(self._fence_with_run() or self._span_with_run())

    @property
    def is_line_start(self) -> bool:
        """Whether nothing but a few blanks stands before the place in its line."""
        return self._is_blank and not self._run and self._indent <= _MOST_INDENT

    def feed(self, text: str) -> None:
        """Read on."""
        for match in _SIGN.finditer(text):
            sign = match[0]
            self.has_tag = self.has_tag and self.is_open
            if self._run and sign[0] == self._run[0]:
                self._run = (self._run + sign)[:_LONGEST_RUN]
                continue
            self._end_run()
            if sign[0] in "`~":
                self._run = sign[:_LONGEST_RUN]
            elif sign[0] == "\n":
                self.end_line()
            elif sign[0] == " " and self._is_blank:
                self._indent += len(sign)
            elif sign[0] != " ":
                self._is_blank = self._may_close = False

    def end_line(self) -> None:
        """Take the line to be over."""
        self._end_run()
        if self._may_close:
            self._fence = ""
        self._span, self._indent = "", 0
        self._is_blank, self._may_close, self._is_opening = True, False, False

    @property
    def _begins_fence(self) -> bool:
        is_first = self._is_blank and self._indent <= _MOST_INDENT
        return is_first and len(self._run) >= _FENCE_LENGTH

    def _fence_with_run(self) -> str:
        return self._fence or (self._run if self._begins_fence else "")

    def _span_with_run(self) -> str:
        if self._fence or not self._run.startswith("`"):
            return self._span
        if self._span:
            return "" if self._span == self._run else self._span
        return self._run

    def _end_run(self) -> None:
        """Take the run of signs to be over: it opens or closes a fence or a span, or nothing."""
        if not self._run:
            return
        if self._is_opening and self._run[0] == self._fence[0] == "`":
            self._span, self._fence, self._is_opening = self._fence, "", False
        if self._fence:
            same = self._run[0] == self._fence[0] and len(self._run) >= len(self._fence)
            self._may_close = same and self._begins_fence
        elif self._begins_fence:
            self._fence, self._is_opening = self._run, True
        else:
            self._span = self._span_with_run()
        self._run = ""
        self._is_blank = False
