"""First words: the beginning of a text that is reasoning only if that has an end.

Answers may begin with the same words, so they are withheld until one or the other is certain.
"""

from dataclasses import dataclass

from chats.engine.reading.openings import LOOKS, head_of
from chats.engine.reading.thought_markup import TAGGED_FORM, Form, end_in, parts_of

_LATEST = 60
"""Pieces and code points of text behind which the end may be completed."""


@dataclass(frozen=True)
class Parts:
    """What a text consists of: no ``thought`` where all of it is the answer."""

    thought: str | None
    rest: str


class FirstWords:
    """Withholds the beginning of one text."""

    def __init__(self, opener: str, form: Form, *, most: int | None = None) -> None:
        """Begin with the ``opener`` of a ``form``; not more than ``most`` is withheld."""
        self._opener = opener
        self._form = form
        self._most = most
        self._texts = [opener]
        self._length = len(opener)

    @property
    def text(self) -> str:
        """All that is withheld."""
        return "".join(self._texts)

    def feed(self, text: str) -> Parts | None:
        """Return the parts of the text as soon as they are certain."""
        tail = "".join(self._texts[-_LATEST:])[-_LATEST:]
        before = self._length - len(tail)
        self._texts.append(text)
        self._length += len(text)
        if match := end_in(self._form, tail + text):
            whole = self.text
            start, end = before + match.start(), before + match.end()
            return Parts(whole[len(self._opener) : start], whole[end:])
        is_enough = self._most is not None and self._length > self._most
        return Parts(None, self.text) if is_enough else None

    def end(self, *, is_unfinished: bool) -> Parts:
        """Return the parts of a text that ends here; an unfinished one may lack its answer."""
        whole = self.text
        if self._form.close is None and (parts := parts_of(whole)):
            return Parts(*parts)
        if self._form is not TAGGED_FORM or self._most is not None:
            return Parts(None, whole)
        is_thought = is_unfinished or LOOKS.search(head_of(self._texts))
        return Parts(whole, "") if is_thought else Parts(None, whole)
