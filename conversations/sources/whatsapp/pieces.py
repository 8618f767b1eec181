"""Long texts in pieces that WhatsApp takes, cut where it reads well.

No cut falls into a letter; one within code or marks, where it must be, closes and opens them anew.
"""

import re
import unicodedata
from bisect import bisect_left

LONGEST = 4096
BREAKS = ("\n\n", "\n", ". ", "。", " ")
_HELD = re.compile(
    r"```[\s\S]+?```|`[^`\n]+`|(?<!\w)(?:\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~)(?!\w)|https?://\S+"
)
"""What stays in one piece where it fits into one."""
_FENCE, _SIGNS = "```", "`*_~"
_JOINERS = {"\u200d", "\ufe0e", "\ufe0f"}
_SKIN = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_MOST_MARKS = 64
"""The marks of one letter; more of them are no letter of any script."""

_Span = tuple[int, int]


def cut(text: str, *, longest: int = LONGEST) -> list[str]:
    """Cut a text into pieces of at most ``longest`` characters, at paragraph ends if possible."""
    found = []
    rest = text.rstrip()
    while len(rest) > longest:
        piece, rest = _first(rest, longest)
        found.append(piece)
    return [piece for piece in (*found, rest) if piece.strip()]


def _first(text: str, longest: int) -> tuple[str, str]:
    """Return the first piece of a text, and the rest."""
    spans = [found.span() for found in _HELD.finditer(text)]
    end = _end_of_piece(text, longest, spans)
    if end:
        return text[:end].rstrip(), text[end:].lstrip("\n ")
    start, stop = _around(spans, longest) or (0, 0)
    if start > 0 and stop - start <= longest:
        return text[:start].rstrip(), text[start:]
    mark = _mark(text[start:stop])
    end = _end_within(text, longest - len(mark), start + len(mark))
    return text[:end].rstrip("\n") + mark, mark + text[end:]


def _end_of_piece(text: str, longest: int, spans: list[_Span]) -> int:
    """Return where it reads well to cut; 0 where that would divide what belongs together."""
    for mark in BREAKS:
        # Not in the first half: many short pieces are worse to read than one ugly cut.
        limit = longest + len(mark) - len(mark.rstrip())
        while (place := text.rfind(mark, longest // 2, limit)) != -1:
            end = place + len(mark)
            if _around(spans, end) is None:
                return end
            limit = end - 1
    return 0


def _around(spans: list[_Span], place: int) -> _Span | None:
    """Return the span that would be divided at ``place``."""
    index = bisect_left(spans, (place,)) - 1
    return spans[index] if index >= 0 and spans[index][1] > place else None


def _mark(span: str) -> str:
    if span.startswith(_FENCE):
        return _FENCE
    return span[0] if span and span[0] in _SIGNS else ""


def _end_within(text: str, longest: int, start: int) -> int:
    """Return where to cut within code or a word: at a line, a blank, or else anywhere."""
    for mark in ("\n", " "):
        place = text.rfind(mark, max(start, longest // 2), longest)
        if place != -1:
            return place + len(mark)
    end = longest
    while longest - end < _MOST_MARKS and _is_joined(text, end):
        end -= 1
    return longest if _is_joined(text, end) else end


def _is_joined(text: str, place: int) -> bool:
    """Return whether a cut at ``place`` would divide what is seen as one letter."""
    before, after = text[place - 1], text[place]
    if before == "\u200d" or after in _JOINERS or unicodedata.category(after)[0] == "M":
        return True
    if ord(after) in _FLAGS:
        begin = place
        while begin > 0 and ord(text[begin - 1]) in _FLAGS:
            begin -= 1
        return (place - begin) % 2 == 1
    return ord(after) in _SKIN or ("\u1160" <= after <= "\u11ff")
