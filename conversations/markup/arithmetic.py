"""Stars of arithmetic: ``x**2 + y**2`` and ``a*b > c*d`` keep them.

CommonMark reads an emphasis there, since it looks at one character on each side alone. Whether two
stars are a formula's is seen in what stands around and between them.
"""

import re
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from conversations.markup import scripts

LONGEST = 120
"""Characters between two stars of one formula."""
MOST_TOKENS = 24
_STAR = ord("*")
_LONGEST_ROW = 3
_OPERATION = re.compile(
    r"[=<>+^\u00d7\u00f7]|\s[-\u2212/*]\s|\A[^\W_]{1,2}\b[^*]*\b[^\W_]{1,2}\Z", re.DOTALL
)
"""A sign of arithmetic, or one short name after another: ``2*a, b*c`` has ``a, b``."""
_UNSPACED = re.compile(f"[{scripts.LETTERS}]")


def allowed(parser: MarkdownIt) -> MarkdownIt:
    """Let ``parser`` tell stars of arithmetic from those of an emphasis."""
    parser.inline.ruler2.before("emphasis", "arithmetic", _part)
    return parser


def is_factor(before: str, text: str, after: str) -> bool:
    """Return whether an emphasis of ``text`` within a word is more likely a product: ``2*x*y``."""
    if not (scripts.is_word_of_spaces(before) and scripts.is_word_of_spaces(after)):
        return False
    return before.isdecimal() or after.isdecimal() or len(text) == 1


def _part(state: StateInline) -> None:
    """Part the stars of a formula, which were taken for the two ends of an emphasis."""
    held = [meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta]
    for delimiters in (state.delimiters, *held):
        for one in delimiters:
            if one.marker == _STAR and one.end != -1 and _is_formula(state, delimiters, one):
                one.end = -1


def _is_formula(state: StateInline, delimiters: list[Delimiter], one: Delimiter) -> bool:
    start, end = one.token, delimiters[one.end].token
    if end - start > MOST_TOKENS:
        return False
    before = _beside(state.tokens[max(0, start - _LONGEST_ROW) : start][::-1])[-1:]
    after = _beside(state.tokens[end + 1 : end + 1 + _LONGEST_ROW])[:1]
    if not (_is_operand(before, ")") and _is_operand(after, "(")):
        return False
    between = "".join(token.content for token in state.tokens[start:end]).strip("*")
    if len(between) > LONGEST or _UNSPACED.search(between):
        return False
    return before.isdecimal() or after.isdecimal() or _OPERATION.search(between) is not None


def _beside(tokens: list[Token]) -> str:
    """Return the text that comes first behind the stars of the same row."""
    stars = len(list(takewhile(_is_star, tokens)))
    found = tokens[stars] if stars < len(tokens) else None
    return found.content if found and found.type == "text" else ""


def _is_star(token: Token) -> bool:
    return token.type == "text" and token.content == "*"


def _is_operand(char: str, bracket: str) -> bool:
    return char == bracket or (char != "_" and scripts.is_word_of_spaces(char))
