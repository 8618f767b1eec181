"""Remainders: what is left of a text once something is taken out of it, joined with even gaps."""

_MOST_BLANKS = 200
"""Blanks that are left out before what is taken: as many are withheld."""


class Remainder:
    """The text that is left; ``said`` are its pieces. Empty lines at its end are withheld."""

    def __init__(self) -> None:
        """Start with nothing said."""
        self.said: list[str] = []
        self._blanks = ""
        self._gap: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether more text may be put to what was said as it is."""
        return bool(self.said) and self._gap is None and not self._blanks

    @property
    def is_silent(self) -> bool:
        """Whether nothing was said but blanks."""
        return not any(text.strip() for text in self.said)

    def add(self, text: str) -> str:
        """Take ``text``; return what of all is to be said now."""
        text = self._blanks + text
        self._blanks = ""
        if self._gap is not None:
            stripped = text.lstrip()
            self._widen(text[: len(text) - len(stripped)])
            if not stripped:
                return ""
            text = self._joint(self._gap) + stripped
            self._gap = None
        end = _end_of_lines(text)
        self._blanks = text[end:]
        return self._say(text[:end])

    def cut(self) -> None:
        """Note that something is taken out of the text here; empty lines before it go with it."""
        self._gap = self._gap or ""
        self._widen(self._blanks)
        self._blanks = ""

    def end(self, *, is_stripped: bool = False) -> str:
        """Return the blanks at the end, unless they are to be left out."""
        blanks, self._blanks = self._blanks, ""
        return "" if is_stripped else self._say(blanks)

    def _widen(self, blanks: str) -> None:
        """Keep of a gap what its joint depends on."""
        gap = (self._gap or "") + blanks
        self._gap = "\n" if "\n" in gap else gap[:1]

    def _joint(self, gap: str) -> str:
        said = "".join(self.said[-3:])
        if not said.strip():
            return ""
        if "\n" in gap:
            return "\n\n"
        return "" if said[-1].isspace() else gap

    def _say(self, text: str) -> str:
        if text:
            self.said.append(text)
        return text


def _end_of_lines(text: str) -> int:
    """Return where the empty lines at the end of ``text`` begin."""
    tail = text[-_MOST_BLANKS:]
    line = tail.find("\n", len(tail.rstrip()))
    return len(text) if line < 0 else len(text) - len(tail) + line
