"""Markdown as words alone, for a line of a list, a quote or a notification."""

from collections.abc import Iterator

from markdown_it.tree import SyntaxTreeNode

from conversations.markup import arithmetic, bounds, lists, parsing

_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_BETWEEN = frozenset(("paragraph", "heading", "list_item", "th", "td", "fence", "code_block"))


def of_markdown(text: str) -> str:
    """Return the words of ``text`` without its marks, on one line.

    What is very long or makes too much work stays as it was typed.
    """
    try:
        root = parsing.tree(text)
    except bounds.TooCostlyError:
        return " ".join(text.split())
    return " ".join("".join(_words(root)).split()) or " ".join(text.split())


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
