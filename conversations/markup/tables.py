"""Tables in HTML, which models write: each becomes the tokens of a Markdown table.

One with words outside of its cells, or within another one, is left to the tags within a line.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from conversations.markup import tags

MOST_COLUMNS = 20
_STEPS, _STEPS_OF_PART = 8, 2
"""Work of a table, and of each of its rows and cells, in the steps of ``bounds``."""
_BEGIN = re.compile(r"<table(?:\s[^<>]*)?>", re.IGNORECASE)
_END = "</table>"
_GROUP = re.compile(r"</?(?:table|thead|tbody|tfoot|colgroup|col)(?:\s[^<>]*)?>", re.IGNORECASE)
_ROW = re.compile(r"<tr(?:\s[^<>]*)?>", re.IGNORECASE)
_CELL = re.compile(r"<(t[dh])(?:\s[^<>]*)?>", re.IGNORECASE)
_CAPTION = re.compile(r"\s*<caption(?:\s[^<>]*)?>(.*)</caption\s*>\s*", re.IGNORECASE | re.DOTALL)
_ENDS = re.compile(r"</t[rdh]\s*>", re.IGNORECASE)
_INTERRUPTED = ["paragraph", "blockquote", "list"]

_Row = list[tuple[str, str]]
"""The tag and the words of each cell."""


def allowed(parser: MarkdownIt) -> MarkdownIt:
    """Let ``parser`` read tables in HTML."""
    parser.block.ruler.before("tags", "html_table", _table, {"alt": _INTERRUPTED})
    return parser


def _table(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    start = state.bMarks[line] + state.tShift[line]
    if state.is_code_block(line) or not _BEGIN.match(state.src, start):
        return False
    after = _line_after(state, line, end)
    if not after:
        return False
    caption, rows = _parts(state.getLines(line, after, state.blkIndent, keepLastLF=False))
    if not rows:
        return False
    if not silent:
        cells = sum(map(len, rows))
        state.env["budget"].spend(steps=_STEPS + _STEPS_OF_PART * (len(rows) + cells), cells=cells)
        if caption:
            state.push("paragraph_open", "p", 1).map = [line, after]
            _write_words(state, caption)
            state.push("paragraph_close", "p", -1)
        _write(state, rows, (line, after))
        state.line = after
    return True


def _line_after(state: StateBlock, line: int, end: int) -> int:
    """Return the line after a table that fills its lines; 0 where it does not."""
    lower = tags.lowered(state)
    start = state.bMarks[line] + state.tShift[line]
    found = lower.find(_END, start)
    if found == -1 or lower.find("<table", start + 1, found) != -1:
        return 0
    last = next((row for row in range(line, end) if state.eMarks[row] >= found), None)
    if last is None or lower[found + len(_END) : state.eMarks[last]].strip():
        return 0
    return last + 1


def _parts(text: str) -> tuple[str, list[_Row]]:
    """Return the caption, and the cells of each row; nothing where there are words outside."""
    head, *rows = _ROW.split(_GROUP.sub("", text))
    found = [_CELL.split(row) for row in rows]
    caption = _CAPTION.fullmatch(head)
    if (head.strip() and not caption) or any(row[0].strip() for row in found):
        return "", []
    cells = [[(tag.lower(), _words(words)) for tag, words in _pairs(row)] for row in found]
    rows_with_cells = [row for row in cells if row]
    is_wide = any(len(row) > MOST_COLUMNS for row in rows_with_cells)
    return _words(caption[1]) if caption else "", [] if is_wide else rows_with_cells


def _pairs(row: list[str]) -> Iterator[tuple[str, str]]:
    return zip(row[1::2], row[2::2], strict=True)


def _words(cell: str) -> str:
    return " ".join(_ENDS.sub("", cell).split())


def _write(state: StateBlock, rows: list[_Row], lines: tuple[int, int]) -> None:
    """Write the tokens; a first row of headings is the head."""
    state.push("table_open", "table", 1).map = list(lines)
    has_head = all(tag == "th" for tag, _ in rows[0])
    if has_head:
        _write_part(state, "thead", rows[:1])
    if rows[has_head:]:
        _write_part(state, "tbody", rows[has_head:])
    state.push("table_close", "table", -1)


def _write_part(state: StateBlock, name: str, rows: list[_Row]) -> None:
    state.push(f"{name}_open", name, 1)
    for row in rows:
        state.push("tr_open", "tr", 1)
        for tag, words in row:
            state.push(f"{tag}_open", tag, 1)
            _write_words(state, words)
            state.push(f"{tag}_close", tag, -1)
        state.push("tr_close", "tr", -1)
    state.push(f"{name}_close", name, -1)


def _write_words(state: StateBlock, words: str) -> None:
    token = state.push("inline", "", 0)
    token.content, token.children = words, []
