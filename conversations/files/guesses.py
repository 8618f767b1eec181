"""Guesses: the charset that bytes are likeliest in, and whether another is about as likely.

A library weighs them by their letters (decision 18), this module by what they would make of the
text: a charset in which signs are odd counts less, as does one that few programs write today.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from conversations.files.oddities import oddness

MEASURED = 600
"""Bytes of which oddities are counted."""
CLEAR = 1.3
"""How much likelier than any other that makes another text of the bytes a clear guess is."""
RARELY = 50
"""Bytes beyond ASCII for each oddity that a clear guess may have."""
PENALTY = 0.4
"""What is left of a guess for each oddity in a short text, or in ten bytes beyond ASCII."""
FEWEST = 10
LEAST = 1 / 15
"""Share of the best confidence below which a charset is not looked at."""

_CHARSETS = (
    *("windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254"),
    *("windows-1255", "windows-1256", "windows-1257", "windows-1258", "cp874", "tis-620"),
    *("iso-8859-1", "iso-8859-2", "iso-8859-5", "iso-8859-6", "iso-8859-7"),
    *("iso-8859-8", "iso-8859-9", "iso-8859-15", "iso-8859-16", "koi8-r", "koi8-u"),
    *("shift_jis", "cp932", "euc-jp", "cp949", "euc-kr", "big5", "big5hkscs", "gb18030", "gbk"),
    *("gb2312", "hz-gb-2312", "johab", "mac-roman", "mac-cyrillic", "mac-latin2", "mac-greek"),
    *("mac-turkish", "cp437", "cp850", "cp852", "cp855", "cp858", "cp862", "cp866", "cp737"),
)
_SUPERSETS = {
    "ascii": "Windows-1252",
    "iso-8859-1": "Windows-1252",
    "iso-8859-9": "Windows-1254",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}
"""Charsets by those that they are a part of and are written as."""
_WESTERN = ("de", "fr", "es", "pt", "it", "nl", "sv", "fi", "da", "is")
_CENTRAL = ("pl", "cs", "sk", "hr", "hu", "ro", "de")
_LANGUAGES = {
    **dict.fromkeys(("cp1252", "iso8859-15", "mac-roman", "cp437", "cp850", "cp858"), _WESTERN),
    **dict.fromkeys(("cp1250", "iso8859-2", "iso8859-16", "mac-latin2", "cp852"), _CENTRAL),
    **dict.fromkeys(("cp1254", "iso8859-9", "mac-turkish"), ("tr", "de")),
    "cp1257": ("lt", "lv", "et"),
}
"""Languages that are written in a charset, by the name that Python gives it."""
_COMMON = {"cp1252": 1.3, "cp1254": 1.3, "iso8859-15": 1.28}
_RARE = (("iso", 0.985), ("mac", 0.6), ("cp4", 0.6), ("cp7", 0.6), ("cp8", 0.6))
"""How usual charsets are beside the others; those of Windows count one."""
_THAI = "cp874"
_BETWEEN = re.compile(rb"[\x80-\x9f]")
_ASCII = bytes(range(128))
_CEDILLAS = str.maketrans("ŞşŢţ", "ȘșȚț")
"""One letter to a Romanian, whichever of them a charset has."""


class Guess(NamedTuple):
    """A charset, how likely the library takes it to be, and whether no other comes close."""

    charset: str
    confidence: float
    is_clear: bool


class _Reading(NamedTuple):
    charset: str
    confidence: float
    score: float
    oddities: int
    text: str


def best(sample: bytes) -> Guess:
    """Return the likeliest charset of a text that is none of Unicode's."""
    readings = sorted(_readings(sample), key=lambda one: one.score, reverse=True)
    if not readings:
        return Guess("Windows-1252", 0, is_clear=False)
    first = readings[0]
    rival = next((one.score for one in readings if not _is_same(one.text, first.text)), 0)
    is_plain = first.oddities * RARELY <= _beyond(sample[:MEASURED])
    is_clear = is_plain and first.score >= rival * CLEAR
    return Guess(first.charset, first.confidence, is_clear=is_clear)


def _readings(sample: bytes) -> Iterator[_Reading]:
    """Yield what the charsets that may be meant make of the sample."""
    found = _weighed(sample)
    least = max(found.values(), default=0) * LEAST
    part = sample[:MEASURED]
    weight = FEWEST / max(FEWEST, _beyond(part))
    for charset, confidence in found.items():
        codec = codecs.lookup(charset)
        if confidence < least:
            continue
        shown = codec.incrementaldecoder("replace").decode(part)
        oddities = oddness(shown, _LANGUAGES.get(codec.name, ()))
        score = confidence * _usualness(codec.name) * PENALTY ** (oddities * weight)
        text = codec.incrementaldecoder("replace").decode(sample)
        yield _Reading(charset, confidence, score, oddities, text)


def _is_same(one: str, other: str) -> bool:
    return one == other or one.translate(_CEDILLAS) == other.translate(_CEDILLAS)


def _beyond(data: bytes) -> int:
    return len(data.translate(None, _ASCII))


def _weighed(sample: bytes) -> dict[str, float]:
    """Return the confidence of the library in each charset that Python knows, too."""
    import chardet  # noqa: PLC0415 - its models take long to load and few texts need them

    # What is no sign in the family of ISO 8859 is one in those of Windows.
    is_other = bool(_BETWEEN.search(sample))
    names = [name for name in _CHARSETS if not (is_other and name.startswith("iso"))]
    weighed: dict[str, float] = {}
    for one in chardet.detect_all(sample, include_encodings=names, ignore_threshold=True):
        name = one["encoding"] or ""
        name = _SUPERSETS.get(name.lower(), name)
        if _is_known(name):
            weighed[name] = max(one["confidence"], weighed.get(name, 0))
    return weighed


def _usualness(codec: str) -> float:
    if codec == _THAI:
        return 1
    rare = next((weight for family, weight in _RARE if codec.startswith(family)), 1.0)
    return _COMMON.get(codec, rare)


def _is_known(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
