"""Text for WhatsApp: Markdown in its own few marks, and long texts in pieces."""

from collections.abc import Callable, Iterable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from conversations.markup import bounds

LONGEST_TEXT = 4096
LONGEST_PARSED = 40_000
MARKS = {"strong": "*", "em": "_", "s": "~"}
BREAKS = ("\n\n", "\n", ". ", " ")


def from_markdown(text: str) -> str:
    """Convert Markdown to WhatsApp's own marks: *bold*, _italic_, ~strike~, code, plain links.

    What is very long or makes too much work stays as it was typed.
    """
    if len(text) > LONGEST_PARSED:
        return text
    try:
        tree = SyntaxTreeNode(bounds.parsed(_parser(), text))
    except bounds.TooCostlyError:
        return text
    return _blocks(tree.children).strip()


def pieces(text: str, *, longest: int = LONGEST_TEXT) -> list[str]:
    """Cut a text into pieces of at most ``longest`` characters, at paragraph ends if possible."""
    found = []
    rest = text.strip()
    while len(rest) > longest:
        end = _end_of_piece(rest, longest)
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*found, rest] if rest else found


def _end_of_piece(text: str, longest: int) -> int:
    for mark in BREAKS:
        # Not in the first half: many short pieces are worse to read than one ugly cut.
        end = text.rfind(mark, longest // 2, longest - len(mark) + 1)
        if end != -1:
            return end + len(mark)
    return longest


@cache
def _parser() -> MarkdownIt:
    options = {"html": False, "linkify": False, "breaks": True}
    return bounds.bounded(MarkdownIt("js-default", options))


def _blocks(nodes: Iterable[SyntaxTreeNode], between: str = "\n\n") -> str:
    return between.join(filter(None, (_block(node) for node in nodes)))


def _block(node: SyntaxTreeNode) -> str:
    shape = _SHAPES.get(node.type)
    if shape is not None:
        return shape(node)
    return _blocks(node.children) if node.children else node.content


def _heading(node: SyntaxTreeNode) -> str:
    text = _inline(node).replace("*", "").strip()
    return f"*{text}*" if text else ""


def _quote(node: SyntaxTreeNode) -> str:
    return "\n".join(f"> {line}" for line in _blocks(node.children).split("\n"))


def _code(node: SyntaxTreeNode) -> str:
    return f"```{node.content.rstrip()}```"


def _list(node: SyntaxTreeNode) -> str:
    number = int(node.attrs.get("start", 1))
    lines = []
    for place, item in enumerate(node.children):
        bullet = f"{number + place}. " if node.type == "ordered_list" else "- "
        body = _blocks(item.children, between="\n").replace("\n", "\n  ")
        lines.append(f"{bullet}{body}")
    return "\n".join(lines)


def _table(node: SyntaxTreeNode) -> str:
    rows = [row for part in node.children for row in part.children]
    lines = [" | ".join(_inline(cell).strip() for cell in row.children) for row in rows]
    return "\n".join([f"*{lines[0]}*", *lines[1:]]) if lines else ""


def _inline(node: SyntaxTreeNode) -> str:
    return "".join(_span(child) for child in node.children)


def _span(node: SyntaxTreeNode) -> str:
    match node.type:
        case "strong" | "em" | "s":
            return _marked(_inline(node), MARKS[node.type])
        case "code_inline":
            return f"`{node.content}`"
        case "softbreak" | "hardbreak":
            return "\n"
        case "link" | "image":
            return _link(node)
    return _inline(node) if node.children else node.content


def _marked(text: str, mark: str) -> str:
    """Put marks around a text; WhatsApp needs them at its first and last character."""
    return f"{mark}{text.strip()}{mark}" if text.strip() else text


def _link(node: SyntaxTreeNode) -> str:
    address = str(node.attrs.get("href") or node.attrs.get("src") or "")
    text = (_inline(node) if node.children else node.content).strip()
    if not text or text in {address, address.removeprefix("mailto:")}:
        return text or address
    return f"{text} ({address})"


_SHAPES: dict[str, Callable[[SyntaxTreeNode], str]] = {
    "heading": _heading,
    "paragraph": _inline,
    "inline": _inline,
    "blockquote": _quote,
    "fence": _code,
    "code_block": _code,
    "bullet_list": _list,
    "ordered_list": _list,
    "table": _table,
    "hr": lambda _node: "———",
}
