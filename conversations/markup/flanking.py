"""Where emphasis may begin and end: CommonMark's rule, extended for scripts without spaces.

The extension follows the CJK-friendly amendment (github.com/tats-u/markdown-cjk-friendly) and
holds for all scripts that set no space; texts of the others are read as CommonMark says. Marks
between two digits are arithmetic and never emphasis: an order of 20*30*40 cm keeps its signs; nor
do underscores end one in a name such as __init__.py or __init__(). Double marks that plainly began
at a blank end behind punctuation whatever follows, as in **Note:**read on.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

from conversations.markup import scripts

_DOUBLE = 2
_NAME_GOES_ON = re.compile(r"\.[^\W_]|\(")


class InlineState(StateInline):
    """The state of one inline parse, with the extended rule and what the rules keep in it."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]) -> None:  # noqa: N803 - the library's name
        """Begin with nothing found."""
        super().__init__(src, md, env, outTokens)
        self.pairs: dict[int, tuple[int, int]] | None = None
        self.items: list[int] = []
        self._begun: Counter[tuple[int, str]] = Counter()

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: FBT001, N802, N803 - the library's names
        """Return whether the run of marks at ``start`` may open and close emphasis."""
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        if before.isdecimal() and after.isdecimal():
            return Scanned(can_open=False, can_close=False, length=scanned.length)
        if self.src[start] == "_" and _NAME_GOES_ON.match(self.src, end):
            return Scanned(scanned.can_open, can_close=False, length=scanned.length)
        if scripts.clings(before) or scripts.clings(after):
            opens, closes = _flanks(before, after), _flanks(after, before)
            scanned = Scanned(
                can_open=opens and (canSplitWord or not closes or isPunctChar(before)),
                can_close=closes and (canSplitWord or not opens or isPunctChar(after)),
                length=scanned.length,
            )
        return self._ended(scanned, self.src[start], before)

    def _ended(self, scanned: Scanned, mark: str, before: str) -> Scanned:
        """Let double marks end behind punctuation where some began that can only begin."""
        if scanned.length != _DOUBLE or mark == "_":
            return scanned
        marks = (id(self.delimiters), mark)
        if scanned.can_open and _begins(before, is_within=self._begun[marks] > 0):
            self._begun[marks] += 1
            return scanned
        if self._begun[marks] and not scanned.can_close and _ends(before):
            scanned = Scanned(can_open=False, can_close=True, length=scanned.length)
        if self._begun[marks] and scanned.can_close:
            self._begun[marks] -= 1
        return scanned


class InlineParser(ParserInline):
    """The library's parser of inline text, with the state above."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Parse ``src`` and append what it is to ``tokens``."""
        state = InlineState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


@lru_cache(maxsize=4096)
def _flanks(outer: str, inner: str) -> bool:
    """Return whether marks between ``outer`` and ``inner`` belong to what is inside."""
    if isWhiteSpace(ord(inner)):
        return False
    is_hard = isPunctChar(inner) and not scripts.is_wide_punctuation(inner)
    return not is_hard or isWhiteSpace(ord(outer)) or isPunctChar(outer) or scripts.clings(outer)


def _begins(before: str, *, is_within: bool) -> bool:
    """Return whether marks behind ``before`` begin: a quote that opens here closes elsewhere."""
    category = unicodedata.category(before)
    return isWhiteSpace(ord(before)) or category == "Ps" or (category == "Pi" and not is_within)


def _ends(before: str) -> bool:
    """Return whether ``before`` is punctuation that may end what is marked."""
    return isPunctChar(before) and unicodedata.category(before) != "Ps"
