"""Long texts in pieces that WhatsApp takes, cut where it reads well.

No cut falls into a letter. One within code or marks, where it must be, closes and opens them anew,
unless a person typed them: what people type arrives sign by sign.
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
_FENCE, _SIGNS, _EMPHASIS = "```", "`*_~", "*_~"
_LINE_ENDS = re.compile(r"\A(?:[^\S\n]*\n)+")
_JOINERS = {"\u200d", "\ufe0e", "\ufe0f"}
_SKIN = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_MOST_MARKS = 64
"""The marks of one letter; more of them are no letter of any script."""

_Span = tuple[int, int]


def cut(text: str, *, longest: int = LONGEST, is_typed: bool = False) -> list[str]:
    """Cut a text into pieces of at most ``longest`` characters, at paragraph ends if possible.

    What was typed is only cut: nothing is put into it where a mark or code is divided.
    """
    found = []
    rest = text.rstrip()
    while len(rest) > longest:
        piece, rest = _first(rest, longest, is_typed=is_typed)
        found.append(piece)
    return [piece for piece in (*found, rest) if piece.strip()]


def _first(text: str, longest: int, *, is_typed: bool) -> tuple[str, str]:
    """Return the first piece of a text, and the rest."""
    spans = [found.span() for found in _HELD.finditer(text)]
    end = _end_of_piece(text, longest, spans)
    if end:
        return _parted(text, end)
    start, stop = _around(spans, longest) or (0, 0)
    if start > 0 and stop - start <= longest:
        return _parted(text, start)
    mark = "" if is_typed else _mark(text[start:stop])
    end = _end_within(text, longest - len(mark), start + len(mark))
    if mark and mark in _EMPHASIS:
        piece, rest = _parted(text, end)
        return piece + mark, mark + rest
    return text[:end].rstrip("\n") + mark, mark + text[end:]


def _parted(text: str, end: int) -> tuple[str, str]:
    """Return the two sides of a cut without the blanks there, but with those of the next line."""
    before = text[:end].rstrip(" \t")
    is_line = before.endswith("\n")
    rest = text[len(before) :] if is_line else text[end:].lstrip(" \t")
    return before.rstrip(), _LINE_ENDS.sub("", rest, count=1)


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
