"""Text as a person typed it: every sign, blank and line break, in time that grows with its length.

Addresses are links. The few marks that are read depend on who typed it; nobody types one of them
by chance, so 20*30*40 cm, __init__.py and # 5 stay whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.utils.html import escape
from markdown_it import MarkdownIt

from conversations.markup import addresses
from conversations.markup.code import Painter

_FENCE = re.compile(r"(?P<mark>`{3,})(?P<info>[^`\n]*)")
_BLANKS = re.compile(r"\t| {2}|(?:\A|\n) ")
"""Blanks that a browser would draw together."""
_EDGE = r"[A-Za-z0-9_*~`\\/]"
_MARKS = re.compile(
    rf"(?<!{_EDGE})(?:`(?P<code>[^`\n]+)`"
    r"|\*\*(?=[^\s*])(?P<strong>[^*\n]+)(?<=[^\s*])\*\*"
    r"|~~(?=[^\s~])(?P<s>[^~\n]+)(?<=[^\s~])~~"
    rf")(?!{_EDGE})"
    r"|\[(?P<words>[^\[\]\n]+)\]\((?P<address>https?://[^\s()<>]+)\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """What is read of a typed text."""

    has_code: bool
    has_marks: bool


PLAIN = Dialect(has_code=False, has_marks=False)
"""What customers write, and the system."""
CODE = Dialect(has_code=True, has_marks=False)
"""Fenced code is a block."""
MARKED = Dialect(has_code=True, has_marks=True)
"""Fenced code is a block; `code`, **bold**, ~~gone~~ and [words](https://…) are read."""


def html_of(text: str, parser: MarkdownIt, dialect: Dialect) -> str:
    """Return ``text`` as HTML; ``parser`` says which addresses are allowed, and how they look."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    writer = _Writer(parser, dialect, is_linked=addresses.are_few(text))
    if not dialect.has_code:
        return writer.paragraph(text)
    return "\n".join(filter(None, writer.parts(text.split("\n"))))


class _Writer:
    """Writes the parts of one text."""

    def __init__(self, parser: MarkdownIt, dialect: Dialect, *, is_linked: bool) -> None:
        self._parser = parser
        self._dialect = dialect
        self._is_linked = is_linked
        self._painter = Painter()

    def parts(self, lines: list[str]) -> Iterator[str]:
        """Yield code blocks that are closed, and what is between them."""
        begun, opened, mark, info = 0, 0, "", ""
        for number, line in enumerate(lines):
            found = _FENCE.fullmatch(line.rstrip())
            if found and not mark:
                opened, mark, info = number, found["mark"], found["info"]
            elif found and found["mark"].startswith(mark) and not found["info"]:
                yield self.paragraph("\n".join(lines[begun:opened]))
                code = "".join(f"{one}\n" for one in lines[opened + 1 : number])
                yield self._painter.block_of(code, info)
                begun, mark = number + 1, ""
        yield self.paragraph("\n".join(lines[begun:]))

    def paragraph(self, text: str) -> str:
        """Return a text as one paragraph; its class keeps blanks that a browser would drop."""
        if not text.strip():
            return ""
        html = self._marked(text) if self._dialect.has_marks else self._linked(text)
        if _BLANKS.search(text):
            return f'<p class="typed">{html.replace(chr(10), "<br>")}</p>'
        return f"<p>{html.replace(chr(10), '<br>' + chr(10))}</p>"

    def _marked(self, text: str) -> str:
        parts, end = [], 0
        for found in _MARKS.finditer(text):
            parts += [self._linked(text[end : found.start()]), self._mark(found)]
            end = found.end()
        return "".join([*parts, self._linked(text[end:])])

    def _mark(self, found: re.Match[str]) -> str:
        if found["code"]:
            return f"<code>{escape(found['code'])}</code>"
        if found["words"]:
            address = self._parser.normalizeLink(found["address"])
            return _link(found["words"], address, is_bare=False)
        name = "strong" if found["strong"] else "s"
        return f"<{name}>{self._linked(found[name])}</{name}>"

    def _linked(self, text: str) -> str:
        found = _finder().match(text) if self._is_linked else None
        parts, end = [], 0
        for link in found or []:
            address = self._parser.normalizeLink(link.url)
            if self._parser.validateLink(address):
                parts += [escape(text[end : link.index]), _link(link.text, address)]
                end = link.last_index
        return "".join([*parts, escape(text[end:])])


def _link(text: str, address: str, *, is_bare: bool = True) -> str:
    shown = addresses.without_hidden(text)
    host = addresses.host_to_show(shown, address)
    note = f' <span class="link-host">({escape(host)})</span>' if host else ""
    direction = "ltr" if is_bare else "auto"
    attributes = f'href="{escape(address)}" target="_blank" dir="{direction}"'
    return f"<a {attributes}>{escape(shown)}</a>{note}"


@cache
def _finder() -> addresses.BoundedLinkify:
    return addresses.BoundedLinkify()
