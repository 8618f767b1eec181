"""The few tags of HTML that models write: their meaning is read, without attributes.

A comment vanishes; whatever else looks like HTML stays text as it was typed. Nothing of a tag is
ever handed on: each becomes a token as Markdown's own marks do.
"""

import html
import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, autolink, link

from conversations.markup.flanking import InlineState

MARKS = {
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("i", "em", "cite"), "em"),
    **dict.fromkeys(("s", "del", "strike"), "s"),
    **dict.fromkeys(("u", "ins"), "u"),
    **{name: name for name in ("sub", "sup", "kbd", "mark")},
}
"""The token of each tag that marks words."""
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "summary"))
FRAMES = frozenset(
    [
        *("p", "div", "center", "section", "details", "ul", "ol"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr"),
    ]
)
CELLS = frozenset(("td", "th"))
LOOKS = frozenset(("span", "font", "small", "big"))
"""Tags that change how words look, which a message does not."""
CODE = frozenset(("code", "tt"))
ATTRIBUTED = FRAMES | HEADINGS | CELLS | LOOKS | {"li"}
"""Tags that are read whatever attributes they have, and those are dropped."""
_ALL = {*MARKS, *CODE, *ATTRIBUTED, "a"}
_NAMES = "|".join(sorted(_ALL, key=len, reverse=True))
_BREAK = re.compile(r"<br[ \t]*/?>[ \t]*\n?[ \t]*", re.IGNORECASE)
_TAG = re.compile(rf"<(?P<end>/?)(?P<name>{_NAMES})(?P<rest>(?:\s[^<>]*)?)>", re.IGNORECASE)
_LINK = re.compile(
    r"\s+href=(?:\"([^\"<>]+)\"|'([^'<>]+)')(?:\s+(?:target|rel)=[\"'][\w ]*[\"'])*\s*"
)
_FRAME_LINE = re.compile(r"<(/?)(details|div|center|section|p|table)(?:\s[^<>]*)?>", re.IGNORECASE)
_RULE_LINE = re.compile(r"<hr[ \t]*/?>", re.IGNORECASE)
_INTERRUPTED = ["paragraph", "blockquote", "list"]


def allowed(parser: MarkdownIt) -> MarkdownIt:
    """Let ``parser`` read the tags."""
    parser.inline.ruler.before("autolink", "tags", _read_tag)
    parser.inline.ruler.at("link", _link)
    parser.inline.ruler.at("autolink", _autolink)
    parser.block.ruler.before("paragraph", "tags", _read_line, {"alt": _INTERRUPTED})
    return parser


def _link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    """Read a link, unless it stands within one: the library looks for that in brackets alone."""
    return not state.linkLevel and link(state, silent)


def _autolink(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    return not state.linkLevel and autolink(state, silent)


def lowered(state: StateBlock) -> str:
    """Return the whole text in small letters, which is written once."""
    if "lower" not in state.env:
        state.env["lower"] = state.src.lower()
    return str(state.env["lower"])


def _read_tag(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    if state.src[state.pos] != "<" or not isinstance(state, InlineState):
        return False
    return _comment(state) or _break(state, silent=silent) or _pair(state, silent=silent)


def _comment(state: InlineState) -> bool:
    if not state.src.startswith("<!--", state.pos):
        return False
    end = state.src.find("-->", state.pos + 4, state.posMax)
    if end == -1:
        return False
    state.pos = end + 3
    return True


def _break(state: InlineState, *, silent: bool) -> bool:
    found = _BREAK.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.pending = state.pending.rstrip(" ")
        state.push("hardbreak", "br", 0)
    state.pos = found.end()
    return True


def _pair(state: InlineState, *, silent: bool) -> bool:
    """Read a tag with all that stands up to its end."""
    found = _TAG.match(state.src, state.pos, state.posMax)
    if found is None or found["end"]:
        return False
    name = found["name"].lower()
    begin, end = _pairs(state).get(state.pos, (0, 0))
    address = _address(state, found["rest"]) if name == "a" else ""
    is_allowed = address or name in ATTRIBUTED or not found["rest"].strip()
    if not end or end > state.posMax or not is_allowed or (name == "a" and not address):
        return False
    if not silent:
        _write(state, name, (found.end(), begin), address)
    state.pos = end
    if name in FRAMES | HEADINGS | CELLS | {"li"}:
        _end_line(state, silent=silent or name in CELLS)
    return True


def _pairs(state: InlineState) -> dict[int, tuple[int, int]]:
    """Return where the end of each tag begins and ends, by the place of the tag."""
    if state.pairs is not None:
        return state.pairs
    state.pairs = {}
    opened: dict[str, list[int]] = {}
    for found in _TAG.finditer(state.src):
        places = opened.setdefault(found["name"].lower(), [])
        if not found["end"]:
            places.append(found.start())
        elif places:
            state.pairs[places.pop()] = found.span()
    return state.pairs


def _address(state: InlineState, attributes: str) -> str:
    """Return where a link leads, or nothing where it may not."""
    found = _LINK.fullmatch(attributes)
    if found is None or state.linkLevel:
        return ""
    address = state.md.normalizeLink(html.unescape(found[1] or found[2]))
    return address if state.md.validateLink(address) else ""


def _write(state: InlineState, name: str, span: tuple[int, int], address: str) -> None:
    if name in CODE:
        content = html.unescape(state.src[span[0] : span[1]]).replace("\n", " ")
        state.push("code_inline", "code", 0).content = content
    elif name == "a":
        state.push("link_open", "a", 1).attrs = {"href": address}
        state.linkLevel += 1
        _read(state, span)
        state.linkLevel -= 1
        state.push("link_close", "a", -1)
    elif name in MARKS:
        _marked(state, MARKS[name], span)
    elif name in LOOKS | CELLS:
        _write_words(state, name, span)
    else:
        _write_block(state, name, span)


def _write_words(state: InlineState, name: str, span: tuple[int, int]) -> None:
    """Write words that have no mark; those of a cell are parted from the cell before."""
    is_next = name in CELLS and not _is_line_empty(state)
    state.pending = state.pending.rstrip() + " | " if is_next else state.pending
    state.level += 1
    _read(state, span)
    state.level -= 1


def _write_block(state: InlineState, name: str, span: tuple[int, int]) -> None:
    """Write what begins on a line of its own: within a cell or a paragraph there are lines only."""
    _begin_line(state)
    inner = state.src[span[0] : span[1]]
    span = span[0] + len(inner) - len(inner.lstrip()), span[1]
    state.level += 1
    if name in HEADINGS:
        _marked(state, "strong", span)
    elif name in {"ul", "ol"}:
        state.items.append(1 if name == "ol" else 0)
        _read(state, span)
        state.items.pop()
    else:
        if name == "li":
            state.pending += _bullet(state)
        _read(state, span)
    state.level -= 1


def _bullet(state: InlineState) -> str:
    number = state.items[-1] if state.items else 0
    if number:
        state.items[-1] += 1
    return f"{number}. " if number else "• "


def _marked(state: InlineState, name: str, span: tuple[int, int]) -> None:
    state.push(f"{name}_open", name, 1)
    _read(state, span)
    state.push(f"{name}_close", name, -1)


def _read(state: InlineState, span: tuple[int, int]) -> None:
    """Read what stands between the two ends of a tag."""
    last, (state.pos, state.posMax) = state.posMax, span
    state.md.inline.tokenize(state)
    state.posMax = last


def _begin_line(state: InlineState) -> None:
    """Break the line, unless it is empty yet."""
    state.pending = state.pending.rstrip(" \n")
    if not _is_line_empty(state):
        state.push("hardbreak", "br", 0)


def _is_line_empty(state: InlineState) -> bool:
    last = state.tokens[-1] if state.tokens else None
    return not state.pending.strip() and (last is None or last.type.endswith(("_open", "break")))


def _end_line(state: InlineState, *, silent: bool) -> None:
    """Skip the blanks after a block or a cell, and break the line if words follow a block."""
    while state.pos < state.posMax and state.src[state.pos] in " \t\n":
        state.pos += 1
    if not silent and state.pos < state.posMax and state.src[state.pos] != "<":
        _begin_line(state)


def _read_line(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    """Read a line that is a tag alone: a rule, a comment, the frame of what follows."""
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith("<", start) or state.is_code_block(line):
        return False
    text = state.getLines(line, line + 1, 0, keepLastLF=False).strip()
    is_rule = _RULE_LINE.fullmatch(text) is not None
    after = _comment_end(state, line, end) if text.startswith("<!--") else line + 1
    if not after or not (is_rule or text.startswith("<!--") or _is_frame(state, text)):
        return False
    if not silent:
        state.line = after
        if is_rule:
            token = state.push("hr", "hr", 0)
            token.map = [line, after]
    return True


def _comment_end(state: StateBlock, line: int, end: int) -> int:
    """Return the line after a comment that fills its lines; 0 where it does not."""
    start = state.bMarks[line] + state.tShift[line]
    found = state.src.find("-->", start)
    if found == -1:
        return 0
    last = next((row for row in range(line, end) if state.eMarks[row] >= found), None)
    if last is None or state.src[found + 3 : state.eMarks[last]].strip():
        return 0
    return last + 1


def _is_frame(state: StateBlock, text: str) -> bool:
    """Return whether a line is one end of a frame whose other end is somewhere in the text."""
    found = _FRAME_LINE.fullmatch(text)
    if found is None:
        return False
    other = f"<{'' if found[1] else '/'}{found[2]}"
    return other.lower() in lowered(state)
