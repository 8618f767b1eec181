"""Markdown in WhatsApp's own few marks, from the tree that every other face is drawn from.

WhatsApp reads a mark only where no letter or digit touches it from outside, and only on one line.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from markdown_it.tree import SyntaxTreeNode

from conversations.markup import arithmetic, bounds, lists, parsing, scripts, words

MARKS = {"strong": "*", "em": "_", "s": "~"}
WIDEST = 2
"""Columns of a table whose rows are legible as one line each on a phone."""
_CODE = frozenset(("fence", "code_block"))


def from_markdown(text: str) -> str:
    """Convert Markdown to WhatsApp's own marks: *bold*, _italic_, ~strike~, code, plain links.

    What is very long, makes too much work or shows nothing stays as it was typed.
    """
    try:
        tree = parsing.tree(text)
    except bounds.TooCostlyError:
        return text
    return _blocks(tree.children).strip() or text.strip()


def _blocks(nodes: Iterable[SyntaxTreeNode], between: str = "\n\n") -> str:
    return between.join(filter(None, (_block(node) for node in nodes)))


def _block(node: SyntaxTreeNode) -> str:
    shape = _SHAPES.get(node.type)
    if shape is not None:
        return shape(node)
    return _blocks(node.children) if node.children else node.content


def _heading(node: SyntaxTreeNode) -> str:
    return _marked(_inline(node, frozenset(["strong"])), "*").strip()


def _quote(node: SyntaxTreeNode) -> str:
    return "\n".join(f"> {line}" for line in _blocks(node.children).split("\n"))


def _code(node: SyntaxTreeNode) -> str:
    code = node.content.rstrip()
    return code if "```" in code or not code else f"```{code}```"


def _list(node: SyntaxTreeNode) -> str:
    return "\n".join(f"{head}{_item(item)}".rstrip() for head, item in lists.heads(node))


def _item(item: SyntaxTreeNode) -> str:
    """Return what stands in an item, indented below its first line; code stays as it is."""
    parts: list[str] = []
    for node in item.children:
        text = _block(node)
        indented = text if node.type in _CODE else text.replace("\n", "\n  ")
        parts.append(f"  {indented}" if parts and node.type not in _CODE else indented)
    return "\n".join(filter(None, parts))


def _table(node: SyntaxTreeNode) -> str:
    head = [cell for part in node.children if part.type == "thead" for cell in _cells(part)[0]]
    cells = [
        [_inline(cell).strip() for cell in row]
        for part in node.children
        if part.type == "tbody"
        for row in _cells(part)
    ]
    is_wide = len(head) > WIDEST or any("\n" in cell for row in cells for cell in row)
    if is_wide and cells:
        names = [_inline(cell).strip() for cell in head] or [""] * max(map(len, cells))
        return "\n\n".join(filter(None, (_row(names, row) for row in cells)))
    bold = frozenset(["strong"])
    top = " | ".join(_inline(cell, bold).strip() for cell in head)
    lines = [_marked(top, "*")] if top.strip(" |") else []
    return "\n".join([*lines, *(" | ".join(row).rstrip() for row in cells)])


def _cells(part: SyntaxTreeNode) -> list[list[SyntaxTreeNode]]:
    return [row.children for row in part.children]


def _row(names: Sequence[str], cells: Sequence[str]) -> str:
    """Return a row as lines, each with the name of its column."""
    lines = []
    for name, cell in zip(names, cells, strict=False):
        has_colon = name.rstrip("*_~").endswith((":", "\uff1a"))
        colon = "" if not name or has_colon else ":"
        lines.append(f"{name}{colon} {cell}".strip() if cell else "")
    return "\n".join(filter(None, lines))


def _inline(node: SyntaxTreeNode, within: frozenset[str] = frozenset()) -> str:
    """Return the words of ``node``, which stands ``within`` such marks, with those they have."""
    parts = list(_spans(node, within))
    text = ""
    for index, (words_, child) in enumerate(parts):
        if child is None:
            text += words_
            continue
        after = next((_begin(*part) for part in parts[index + 1 :] if part[0]), "")
        text += _edged(words_, child, before=text[-1:], after=after)
    return text


def _spans(
    node: SyntaxTreeNode, within: frozenset[str]
) -> Iterator[tuple[str, SyntaxTreeNode | None]]:
    """Yield the words of each part of ``node``, and the part itself where it is to be marked."""
    for child in node.children:
        if child.type == "inline":
            yield from _spans(child, within)
        elif child.type in MARKS and child.type not in within:
            yield _inline(child, within | {child.type}), child
        else:
            yield _span(child, within), None


def _begin(text: str, node: SyntaxTreeNode | None) -> str:
    return MARKS[node.type] if node is not None and not text[0].isspace() else text[0]


def _span(node: SyntaxTreeNode, within: frozenset[str]) -> str:
    match node.type:
        case "code_inline":
            return _inline_code(node.content)
        case "softbreak" | "hardbreak":
            return "\n"
        case "link":
            return _link(node, within)
        case "sup" | "sub":
            return words.shifted(_inline(node, within), node.type)
    return _inline(node, within) if node.children else node.content


def _inline_code(code: str) -> str:
    return f"```{code}```" if "`" in code and "```" not in code else f"`{code}`"


def _edged(text: str, node: SyntaxTreeNode, *, before: str, after: str) -> str:
    """Mark a text where WhatsApp reads the mark; a sign within a word may be no mark at all."""
    starts_inside = not text[:1].isspace() and scripts.is_word_of_spaces(before)
    if starts_inside or (not text[-1:].isspace() and scripts.is_word_of_spaces(after)):
        is_kept = node.type != "strong" or arithmetic.is_factor(before, text, after)
        sign = node.markup if is_kept else ""
        return f"{sign}{text}{sign}"
    return _marked(text, MARKS[node.type])


def _marked(text: str, mark: str) -> str:
    """Put marks around each line of a text, at its first and last letter."""
    return "\n".join(_marked_line(line, mark) for line in text.split("\n"))


def _marked_line(line: str, mark: str) -> str:
    inner = line.strip()
    if not inner:
        return line
    start = line.index(inner)
    return f"{line[:start]}{mark}{inner}{mark}{line[start + len(inner) :]}"


def _link(node: SyntaxTreeNode, within: frozenset[str]) -> str:
    address = str(node.attrs.get("href") or "")
    text = _inline(node, within).strip()
    if not text or text == address.removeprefix("mailto:") or node.info == "auto":
        return text or address
    return text if text == address else f"{text} ({address.removeprefix('mailto:')})"


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
