"""First words: the beginning of a text that is reasoning only if that has an end.

Answers may begin with the same words, so they are withheld until one or the other is certain.
"""

import re
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
    wrapper: str | None = None
    """The element that the answer is put into, empty where that was closed already."""


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
        match = end_in(self._form, tail + text)
        if self._most is not None and self._most < (
            before + match.end() if match else self._length
        ):
            return Parts(None, self.text)
        if match is None:
            return None
        whole = self.text
        start, end = before + match.start(), before + match.end()
        return Parts(whole[len(self._opener) : start], whole[end:])

    def end(self, *, is_unfinished: bool) -> Parts:
        """Return the parts of a text that ends here; an unfinished one may lack its answer."""
        whole = self.text
        if match := end_in(self._form, whole + "\n"):
            return Parts(whole[len(self._opener) : match.start()], whole[match.end() :])
        if self._form.close is None and (parts := parts_of(whole)):
            return Parts(*parts)
        if self._form is not TAGGED_FORM or self._most is not None:
            return Parts(None, whole)
        is_thought = is_unfinished or LOOKS.search(head_of(self._texts))
        return Parts(whole, "") if is_thought else Parts(None, whole)


class Wrapped:
    """Withholds a text that begins with an element until it is clear whether that is all of it."""

    def __init__(self, opener: str, name: str, *, most: int) -> None:
        """Begin with the ``opener``; what is longer than ``most`` is taken to be all."""
        self._opener = opener
        self._name = name
        self._most = most
        self._close = re.compile(rf"</{name}>", re.IGNORECASE)
        self.text = opener

    def feed(self, text: str) -> Parts | None:
        """Return the answer as soon as it is certain where it begins."""
        self.text += text
        match = self._close.search(self.text, 0, self._most)
        if match and self.text[match.end() :].strip():
            return Parts(None, self.text)
        return self.end() if len(self.text) > self._most else None

    def end(self, *, is_unfinished: bool = False) -> Parts:
        """Return the answer of a text that ends here; an unfinished one may lack the end."""
        del is_unfinished
        inner = self.text[len(self._opener) :]
        if match := self._close.search(inner, 0, self._most - len(self._opener)):
            return Parts(None, inner[: match.start()] + inner[match.end() :], "")
        return Parts(None, inner, self._name)
