r"""Formulas: ``\(x^2\)``, ``\[x^2\]`` and ``$$x^2$$`` are shown as typed, like code.

Without this rule their backslashes were escapes and their underscores emphasis.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

LONGEST = 500
_ENDS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_FORMULA = re.compile(r"[\\^_=<>+*/|]")
"""What a formula has and words in brackets or prices have not."""
_VARIABLE = re.compile(r"[^\W\d]")


def allowed(parser: MarkdownIt) -> MarkdownIt:
    """Let ``parser`` read formulas."""
    parser.inline.ruler.before("escape", "formula", _formula)
    return parser


def _formula(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's order
    begin = state.src[state.pos : state.pos + 2]
    if begin not in _ENDS:
        return False
    start = state.pos + 2
    end = state.src.find(_ENDS[begin], start, min(state.posMax, start + LONGEST))
    content = state.src[start:end].strip()
    is_variable = begin != "\\[" and _VARIABLE.fullmatch(content)
    if end == -1 or not (is_variable or _FORMULA.search(content)):
        return False
    if not silent:
        state.push("code_inline", "code", 0).content = content.replace("\n", " ")
    state.pos = end + 2
    return True
