"""Markdown as words alone, for a line of a list, a quote or a notification."""

import threading
from collections.abc import Iterator, Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from conversations.markup import addresses, arithmetic, bounds, lists, parsing

_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_BETWEEN = frozenset(("paragraph", "heading", "list_item", "th", "td", "fence", "code_block"))

SHORT = 320
"""Code points of a text that a line tells from its beginning to its end."""


class _Latest(threading.local):
    """What this thread parsed last for a page: a message is rendered, then told in a line."""

    text = ""
    tokens: Sequence[Token] = ()


_latest = _Latest()


def parsed_for_a_page(text: str, tokens: Sequence[Token]) -> None:
    """Remember the tokens of a short text, so that its words need no parsing of their own."""
    is_short = len(text) <= SHORT
    _latest.text, _latest.tokens = (text, tokens) if is_short else ("", ())


def of_markdown(text: str) -> str:
    """Return the words of ``text`` without its marks, on one line.

    What is very long or makes too much work stays as it was typed.
    """
    try:
        root = _tree_of_latest(text) or parsing.tree(text)
    except bounds.TooCostlyError:
        return " ".join(text.split())
    return " ".join("".join(_words(root)).split()) or " ".join(text.split())


def _tree_of_latest(text: str) -> SyntaxTreeNode | None:
    """Return the tree of what was parsed last, if it is this text and has the same words.

    On a page addresses are written in a readable form, and links without what nobody sees.
    """
    if text != _latest.text or not text or text != addresses.without_hidden(text):
        return None
    children = (child for token in _latest.tokens for child in token.children or ())
    if any(child.info == "auto" for child in children):
        return None
    return SyntaxTreeNode(_latest.tokens)


def shifted(text: str, name: str) -> str:
    """Return ``text`` raised (``sup``) or lowered (``sub``): 10² is not 102."""
    moved = text.translate(_RAISED if name == "sup" else _LOWERED)
    if all(char != other for char, other in zip(text, moved, strict=True)):
        return moved
    return f"^{text}" if name == "sup" else f"_{text}"


def _words(node: SyntaxTreeNode) -> Iterator[str]:
    if node.type in _BETWEEN:
        yield " "
    if node.type in {"softbreak", "hardbreak"}:
        yield " "
    elif node.type in {"text", "code_inline", "fence", "code_block"}:
        yield node.content
    elif node.type in {"sup", "sub"}:
        yield shifted("".join(_within(node)), node.type)
    elif node.type == "ordered_list":
        yield from _numbered(node)
    else:
        yield from _within(node)
    if node.type in _BETWEEN:
        yield " "


def _within(node: SyntaxTreeNode) -> Iterator[str]:
    """Yield the words of each part; stars that are more likely a product's are kept."""
    parts = ["".join(_words(child)) for child in node.children]
    for index, (child, text) in enumerate(zip(node.children, parts, strict=True)):
        before = parts[index - 1][-1:] if index else ""
        after = parts[index + 1][:1] if index + 1 < len(parts) else ""
        is_kept = child.type in {"strong", "em"} and arithmetic.is_factor(before, text, after)
        yield f"{child.markup}{text}{child.markup}" if is_kept else text


def _numbered(node: SyntaxTreeNode) -> Iterator[str]:
    """Keep the numbers of a list, which its words may refer to."""
    for head, item in lists.heads(node):
        yield f" {head}"
        yield from _words(item)
