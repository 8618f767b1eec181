"""Number formats of workbooks: the parts of a pattern, and the digits that they show.

Patterns are those of Excel (ECMA-376, 18.8.31); what is not understood shows nothing of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

GENERAL, CODE, WORDS, POWER, LIMIT = "general", "code", "words", "power", "limit"
LONGEST = 500
"""Characters of a pattern that is understood."""
MOST_PLACES = 30
_DIGITS = frozenset("0#?")
_BLANK = {"0": "0", "#": "", "?": " "}
_PRECISE = Context(prec=400, rounding=ROUND_HALF_UP)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)'
    r"|\[\$(?P<money>[^\]-]*)(?:-[^\]]*)?\]|\[(?P<limit>(?:[<>]=?|<>|=)\s*-?[\d.]+)\]"
    r"|\[(?P<colour>[A-Za-z]{3,}\s?\d*)\]|(?P<general>[Gg][Ee][Nn][Ee][Rr][Aa][Ll])"
    r"|(?P<power>[Ee][+-])|(?P<code>[0#?.,%/@;])|(?P<currency>[A-Z]{2,3}(?![A-Za-z]))"
    r'|(?P<unknown>[A-Za-z"\\\[\]_*])|(?P<sign>.)',
    re.DOTALL,
)
_LIMIT = re.compile(r"([<>=]+)\s*(-?\d+(?:\.\d+)?)")


class Token(NamedTuple):
    """A part of a pattern: what sort it is of, and its characters."""

    sort: str
    text: str


class UnknownPatternError(ValueError):
    """The pattern is none that numbers are shown by."""


@dataclass(frozen=True)
class Section:
    """A part of a pattern for some of the numbers."""

    tokens: tuple[Token, ...]

    def has(self, sort: str, text: str = "") -> bool:
        """Return whether a token of the sort, with the text if one is given, is in it."""
        return any(token.sort == sort and text in {"", token.text} for token in self.tokens)


@lru_cache(maxsize=256)
def sections_of(pattern: str) -> tuple[Section, ...]:
    """Return the parts of a pattern between its semicolons.

    :raises UnknownPatternError: it is a date's, or none at all.
    """
    if len(pattern) > LONGEST:
        raise UnknownPatternError
    found: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(pattern):
        token = _token(match)
        if token == (CODE, ";"):
            found.append([])
        elif token.text:
            found[-1].append(token)
    return tuple(Section(tuple(tokens)) for tokens in found)


def section_for(value: Decimal, sections: Sequence[Section]) -> tuple[Section, bool]:
    """Return the part that shows the number, and whether that part stands for its sign too."""
    if any(section.has(LIMIT) for section in sections):
        for section in sections:
            if all(_holds(value, token.text) for token in section.tokens if token.sort == LIMIT):
                return section, False
        raise UnknownPatternError
    numbers = [one for one in sections if not one.has(CODE, "@")] or sections[:1]
    above, *others = numbers
    below, nought = [*others, None, None][:2]
    if value < 0 and below:
        return below, True
    if not value and nought:
        return nought, True
    return above, False


def rendered(value: Decimal, section: Section, plain: str) -> str:
    """Return what the section shows of a number that is not below nought.

    :raises UnknownPatternError: the section is none of a number.
    """
    value = value.scaleb(2 * sum(token == (CODE, "%") for token in section.tokens))
    if section.has(GENERAL) or section.has(CODE, "@"):
        whole = {(GENERAL, token.text) for token in section.tokens} | {(CODE, "@")}
        return "".join(plain if token in whole else _word(token) for token in section.tokens)
    if section.has(POWER):
        return _with_power(value, section.tokens)
    if section.has(CODE, "/"):
        return _as_fraction(value, section.tokens)
    return _filled(value, section.tokens)


def _token(match: re.Match[str]) -> Token:
    sort, text = match.lastgroup or "", match[match.lastgroup or 0]
    if sort == "unknown":
        raise UnknownPatternError
    if sort in {GENERAL, CODE, POWER, LIMIT}:
        return Token(sort, text)
    return Token(WORDS, {"space": " ", "fill": " ", "colour": ""}.get(sort, text))


def _holds(value: Decimal, limit: str) -> bool:
    found = _LIMIT.fullmatch(limit)
    if found is None:
        raise UnknownPatternError
    other = Decimal(found[2])
    order = "<" if value < other else ">" if value > other else "="
    return order in ("<>" if found[1] == "<>" else found[1])


def _word(token: Token) -> str:
    return token.text if token.sort == WORDS or token == (CODE, "%") else ""


def _filled(value: Decimal, tokens: Sequence[Token]) -> str:
    """Return the digits of a number in their places, and the words where they stand."""
    whole, behind, thousands, scale = _places(tokens)
    rounded = _rounded(value.scaleb(-3 * scale), len(behind))
    front, _, rest = f"{rounded:f}".partition(".")
    front = "" if front == "0" else front
    shown: dict[int, str] = {}
    for count, place in enumerate(reversed(whole)):
        is_last = count == len(whole) - 1
        digits, front = (front, "") if is_last else (front[-1:], front[:-1])
        shown[place] = _grouped(digits or _BLANK[tokens[place].text], count, thousands=thousands)
    is_needed = False
    for place, digit in zip(reversed(behind), reversed(rest), strict=False):
        is_needed = is_needed or digit != "0" or tokens[place].text == "0"
        shown[place] = digit if is_needed else _BLANK[tokens[place].text]
    point = "." if is_needed else ""
    return "".join(_piece(token, shown.get(n), front + point) for n, token in enumerate(tokens))


def _piece(token: Token, digits: str | None, point: str) -> str:
    if digits is not None:
        return digits
    return point if token == (CODE, ".") else _word(token)


def _places(tokens: Sequence[Token]) -> tuple[list[int], list[int], bool, int]:
    """Return the places before and behind the point, whether thousands are set off, and a scale.

    A comma behind the last place before the point stands for a thousandth.
    """
    codes = [(n, token.text) for n, token in enumerate(tokens) if token.sort == CODE]
    points = [n for n, text in codes if text == "."]
    if len(points) > 1:
        raise UnknownPatternError
    point = points[0] if points else len(tokens)
    whole = [n for n, text in codes if text in _DIGITS and n < point]
    behind = [n for n, text in codes if text in _DIGITS and n > point]
    if len(behind) > MOST_PLACES:
        raise UnknownPatternError
    commas = [n for n, text in codes if text == "," and n < point]
    inner = [n for n in commas if whole and whole[0] < n < whole[-1]]
    scale = sum(bool(whole) and n > whole[-1] for n in commas)
    scale += sum(text == "," and n > point for n, text in codes)
    return whole, behind, bool(inner), scale


def _rounded(value: Decimal, places: int) -> Decimal:
    """Return a number to so many places, half away from nought."""
    return value.quantize(Decimal(1).scaleb(-places), context=_PRECISE)


def _grouped(digits: str, count: int, *, thousands: bool) -> str:
    """Return digits that end ``count`` places before the last one, thousands set off."""
    if not thousands:
        return digits
    ends = range(count + len(digits) - 1, count - 1, -1)
    return "".join(
        f"{digit}," if end and not end % 3 else digit
        for digit, end in zip(digits, ends, strict=True)
    )


def _with_power(value: Decimal, tokens: Sequence[Token]) -> str:
    """Return a number with a power of ten; as many places as stand before the point, at most."""
    place = next(n for n, token in enumerate(tokens) if token.sort == POWER)
    whole, behind, _, _ = _places(tokens[:place])
    step = max(1, len(whole))
    power = value.adjusted() // step * step if value else 0
    if _rounded(value.scaleb(-power), len(behind)) >= 10**step:
        power += step
    front = _filled(value.scaleb(-power), tokens[:place])
    sign = "-" if power < 0 else tokens[place].text[1].replace("-", "")
    return f"{front}E{sign}{_filled(Decimal(abs(power)), tokens[place + 1 :])}"


def _as_fraction(value: Decimal, tokens: Sequence[Token]) -> str:
    """Return a number as a fraction, with its whole part where the pattern has a place for it."""
    text = "".join(token.text for token in tokens)
    found = re.fullmatch(r"\s*(?:([#?0]+)\s+)?[#?0]+\s*/\s*(?:([#?0]+)|(\d+))\s*", text)
    if found is None or value >= 10**15:
        raise UnknownPatternError
    exact = Fraction(value)
    if found[3]:
        below = min(int(found[3]), 10_000) or 1
        above = int((exact * below + Fraction(1, 2)) // 1)
    else:
        near = exact.limit_denominator(10 ** min(4, len(found[2])) - 1)
        above, below = near.numerator, near.denominator
    whole, above = divmod(above, below) if found[1] else (0, above)
    if not above and found[1]:
        return str(whole)
    return f"{whole or ''} {above}/{below}".strip()


def codes_of(pattern: str) -> str:
    """Return the letters of a date's pattern, in lower case, without words and colours."""
    bare = re.sub(r'"[^"]*"|\\.|\[\$[^\]]*\]|\[[A-Za-z]{3,}\s?\d*\]', "", pattern[:LONGEST])
    return re.sub(r"am/pm|a/p", "", bare.lower())
