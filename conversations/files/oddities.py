"""Oddities: signs of a text that was read in a charset that it is not in.

Bytes read in a wrong charset still give letters, but such as no word of the language has, or marks
where nobody puts them. Each of them counts one; an ordinary text has hardly any.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

_ALPHABETS = {
    "de": "äöüß",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "es": "áéíóúüñ",
    "pt": "ãáâàçéêíóôõúü",
    "it": "àèéìíòóù",
    "nl": "éèëïíóöü",
    "sv": "åäöéü",
    "fi": "äöåšž",
    "da": "æøåéòô",
    "is": "áæéíðóöúýþ",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîşţșț",
    "tr": "çğıöşüâî\u0307",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "et": "äöõüšž",
}
"""Letters beyond ASCII, by language."""
# ruff: noqa: RUF001 - signs that look like others are what this is about
_LETTER = r"[^\W\d_]"
_SIGNS = re.compile(
    "[\ufffd\u0080-\u009f\u2190-\u25ff"  # no signs, arrows, mathematics, boxes
    "¤¦¨¬¯´¶¸¹¼½¾×÷ƒˆˇ˘˙˚˛˜˝†‡‰\ufb01\ufb02"
    "\u0402\u0403\u0405\u0408-\u040c\u040f\u0452\u0453\u0455\u0458-\u045c\u045f]"  # of few tongues
)
_MISPLACED = re.compile(
    rf"{_LETTER}[«»¿¡“”„‘‚‹›—–£€¥¢§ªº°±·•©®²³µ№]{_LETTER}"
    rf"|(?:^|[\s(])[»”’›·±²³№](?={_LETTER})|{_LETTER}(?:№|[¿¡„‚](?=\W|$))"
    rf"|(?:^|\s)[—–](?={_LETTER})|{_LETTER}[—–](?=\s|$)"
    r"|(?:^|\s)\xa0|\xa0(?:\s|$)",
    re.MULTILINE,
)
"""Marks within a word, marks at its wrong end, dashes on one side, a space beside a space."""
_PAIRS = (("«", "»"), ("»", "«"), ("¿", "?"), ("¡", "!"), ("„", "“”"), ("‹", "›"))
_SCRIPTS = ("A-Za-zÀ-ÖØ-öø-˯", "Ͱ-Ͽ", "Ѐ-ԯ", "\u0591-״", "\u0600-ۿ", "ก-๛")
"""Latin, Greek, Cyrillic, Hebrew, Arabic, Thai: no word has letters of two of them."""
_MIXED = re.compile(
    "|".join(f"[{one}](?=[{''.join(_SCRIPTS).replace(one, '')}])" for one in _SCRIPTS)
)
_MIXED_BEYOND = re.compile(_MIXED.pattern.replace("A-Za-z", ""))
_USUAL = re.compile("[\xa0-ſƏƠơƯưǍ-ǜȘ-țəΆ-ώЀ-џҐґ\u0531-\u058fא-ת\u0600-ۿ\u0800-\U0010ffff]")
"""Of a text in UTF-8; what takes more than two bytes there is no chance."""
_WORD = re.compile(rf"{_LETTER}+")
_WRONG_ENDS = re.compile(rf"[ςךםןףץ](?={_LETTER})|σ(?=[\s.,;!]|$)")
"""Letters that stand at the end of a word alone, within one; and one that never ends one."""
_LATIN_WORD = re.compile("[A-Za-z]{3}")
_ALONE = re.compile("(?<![^\\W\\d_])[\u0370-\u052f\u0591-\u06ff](?![^\\W\\d_])")


def oddness(text: str, languages: Iterable[str] = ()) -> int:
    """Return how many signs stand where no text has them, or are in no word of the language.

    The language is the likeliest one of ``languages``; with none, every letter is one of its own.
    """
    patterns = (_SIGNS, _MISPLACED, _WRONG_ENDS, _MIXED)
    found = sum(len(pattern.findall(text)) for pattern in patterns)
    found += sum(one in text and not any(map(text.count, rest)) for one, rest in _PAIRS)
    alone = _ALONE.findall(text) if _LATIN_WORD.search(text) else []
    return found + len(alone) + _turned(text) + _foreign(text, languages)


def is_babel(text: str) -> bool:
    """Return whether letters of two scripts, none of them of ASCII, stand beside each other."""
    return bool(_MIXED_BEYOND.search(text))


def is_unusual(text: str) -> bool:
    """Return whether all that is beyond ASCII in UTF-8 are signs that few languages have."""
    return not text.isascii() and not _USUAL.search(text)


def _turned(text: str) -> int:
    """Return how many capitals beyond ASCII follow a small letter within a word."""
    words = (word for word in _WORD.findall(text) if not (word.isascii() or word[1:].islower()))
    pairs = (pair for word in words for pair in pairwise(word))
    return sum(one.islower() and two.isupper() and not two.isascii() for one, two in pairs)


def _foreign(text: str, languages: Iterable[str]) -> int:
    """Return how many letters beyond ASCII the language with the fewest such does not have."""
    beyond = [sign for sign in text.lower() if not sign.isascii() and sign.isalpha()]
    alphabets = [_ALPHABETS[language] for language in languages]
    return min((sum(sign not in known for sign in beyond) for known in alphabets), default=0)
