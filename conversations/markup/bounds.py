"""Bounds of Markdown: the work that one text may make before it is shown as it was typed.

A parser in Python takes seconds for a few thousand brackets or cells. So the steps of a parse are
counted, and what cannot be counted from within (cells) is counted before.
"""

import re
import time
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MOST_STEPS = 3_600
"""Work of a text in steps of some 5 µs; a dense page of 10,000 characters has 2,000."""
BLOCK_STEPS = 4
"""Steps that the beginning of a block counts for; half of them where it is only looked for."""
MOST_CELLS = 1_500
MOST_LINES = 1_500
MOST_BRACKETS = 400
DEEPEST = 40
"""Marks within marks, blocks within blocks: beyond it Python's own stack would end."""
LONGEST_SECONDS = 0.25
"""Computing time after which a text is given up, whatever the counts say."""
_INLINE_STEPS = {":": 8, "<": 10, "&": 3, "\\": 2, **dict.fromkeys("*_~`", 3)}
"""Characters at which an address or the end of a mark is looked for; elsewhere it is one step."""
_MARKS = re.compile(r"\*+|_+|~+")
"""Marks that are read together, each of which is weighed against all others."""
_INTERRUPTED = ["paragraph", "reference", "blockquote", "list"]
"""Blocks whose every line is tried as the beginning of another one."""
_DELIMITER_ROW = re.compile(r"[ \t>|:-]+")


class TooCostlyError(Exception):
    """The text makes more work than it is worth."""


class Budget:
    """The work that one text may still make."""

    def __init__(self) -> None:
        """Begin with all steps and all the time."""
        self._steps = MOST_STEPS
        self._cells = MOST_CELLS
        self._until = time.thread_time() + LONGEST_SECONDS

    def spend(self, *, steps: int = 1, cells: int = 0) -> None:
        """Count work about to be done.

        :raises TooCostlyError: nothing is left.
        """
        self._steps -= steps
        self._cells -= cells
        if self._steps < 0 or self._cells < 0 or time.thread_time() > self._until:
            raise TooCostlyError


def bounded(parser: MarkdownIt) -> MarkdownIt:
    """Let ``parser`` count its steps; it then needs the environment of ``parsed``."""
    parser.block.ruler.before("table", "bounds", _count_block, {"alt": _INTERRUPTED})
    parser.inline.ruler.before("text", "bounds", _count_inline)
    return parser


def parsed(parser: MarkdownIt, text: str) -> Sequence[Token]:
    """Parse ``text`` within the bounds.

    :raises TooCostlyError: it makes too much work or goes too deep; nothing of it is parsed.
    """
    if text.count("[") > MOST_BRACKETS or text.count("\n") > MOST_LINES:
        raise TooCostlyError
    try:
        tokens = parser.parse(text, {"budget": Budget()})
    except RecursionError as error:
        raise TooCostlyError from error
    if any(child.level > DEEPEST for token in tokens for child in token.children or ()):
        raise TooCostlyError
    return tokens


def _count_inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    steps = _INLINE_STEPS.get(state.src[state.pos], 1)
    if not silent:
        _refuse_too_deep(state)
        marks = _MARKS.match(state.src, state.pos)
        steps += len(marks.group()) - 1 if marks else 0
    state.env["budget"].spend(steps=steps)
    return False


def _count_block(
    state: StateBlock,
    line: int,
    _end: int,
    silent: bool,  # noqa: FBT001 - the library's order
) -> bool:
    _refuse_too_deep(state)
    steps, cells = (BLOCK_STEPS // 2, 0) if silent else (BLOCK_STEPS, _cells(state, line))
    state.env["budget"].spend(steps=steps, cells=cells)
    return False


def _refuse_too_deep(state: StateInline | StateBlock) -> None:
    if state.level > DEEPEST:
        raise TooCostlyError


def _cells(state: StateBlock, line: int) -> int:
    """Return the most cells that a table has that begins at ``line``; 0 where none does."""
    if line + 1 >= state.lineMax:
        return 0
    delimiters = state.getLines(line + 1, line + 2, 0, keepLastLF=False)
    if "-" not in delimiters or not _DELIMITER_ROW.fullmatch(delimiters):
        return 0
    end = next((row for row in range(line, state.lineMax) if state.isEmpty(row)), state.lineMax)
    return (delimiters.count("|") + 1) * (end - line)
