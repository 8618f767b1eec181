"""The one parser of Markdown: for every page, for sources with marks of their own, for previews."""

from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from conversations.markup import (
    addresses,
    arithmetic,
    bounds,
    flanking,
    formulas,
    lists,
    tables,
    tags,
    tasks,
)

LONGEST = 40_000
UNUSED = ("html_inline", "html_block", "replacements", "smartquotes")
"""Rules of the parser that nothing here needs."""


class Parser(MarkdownIt):
    """The parser; it allows absolute addresses of few schemes."""

    def __init__(self, *, is_linked: bool, is_verbatim: bool = False) -> None:
        """Configure it; ``is_linked`` lets it find addresses in the text.

        A verbatim one finds them only to let them be: for a face that links them by itself.
        """
        options = {"html": False, "linkify": is_linked, "breaks": True}
        super().__init__("js-default", options)
        self.inline = flanking.InlineParser()
        self.linkify = addresses.BoundedLinkify()
        self.disable(list(UNUSED))
        for module in (tags, tables, formulas, tasks, lists, arithmetic):
            module.allowed(self)
        bounds.bounded(self)
        self.core.ruler.after("inline", "images", _link_images)
        self._is_verbatim = is_verbatim
        if is_verbatim:
            self.core.ruler.disable("linkify")

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Allow addresses that name their scheme: a relative one would point into Parley itself."""
        return url.lower().startswith(("http://", "https://", "mailto:"))

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the library's name
        """Return an address as it is shown: readable, or as it was typed."""
        return link if self._is_verbatim else super().normalizeLinkText(link)


def parsed(parser: MarkdownIt, text: str) -> Sequence[Token]:
    """Parse ``text`` within the bounds.

    :raises TooCostlyError: it is very long or makes too much work.
    """
    if len(text) > LONGEST:
        raise bounds.TooCostlyError
    return bounds.parsed(parser, text)


def tree(text: str) -> SyntaxTreeNode:
    """Return the tree of ``text``, in which addresses stand as they were typed.

    :raises TooCostlyError: it is very long or makes too much work.
    """
    parser = _verbatim(is_linked=addresses.are_few(text))
    return SyntaxTreeNode(parsed(parser, text))


@cache
def _verbatim(*, is_linked: bool) -> MarkdownIt:
    return Parser(is_linked=is_linked, is_verbatim=True)


def _link_images(state: StateCore) -> None:
    """Make links of images, since fetching one would show a stranger who reads."""
    for block in state.tokens:
        if any(token.type == "image" for token in block.children or ()):
            block.children = list(_linked(block.children or []))


def _linked(tokens: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type.startswith("link_") else 0
        if token.type != "image":
            yield token
            continue
        address = str(token.attrGet("src"))
        words = token.children or [Token("text", "", 0, content=address)]
        if depth:
            yield from words
        else:
            yield Token("link_open", "a", 1, attrs={"href": address})
            yield from words
            yield Token("link_close", "a", -1)
