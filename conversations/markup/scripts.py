"""Scripts that set no space between a word and what belongs to it, and what that means for marks.

CommonMark tells the beginning of an emphasis from its end by spaces and punctuation. Where words
follow each other without a space, or particles cling to them, that rule leaves the marks unread.
"""

import re
import unicodedata
from functools import lru_cache

_SPACED = {"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "COPTIC", "COMBINING"}
_WIDE = {"W", "F", "H"}
LETTERS = (
    "\u0590-\u08ff\u0900-\u109f\u1100-\u137f\u1780-\u18af\u1950-\u1ab0\u1b00-\u1c7f"
    "\u2e80-\u2fff\u3005-\u3007\u3040-\u318f\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U000323af"
)
"""Letters of such scripts, for a class of a pattern."""
_SPACED_LETTER = re.compile(rf"[^\W{LETTERS}]")


@lru_cache(maxsize=4096)
def clings(char: str) -> bool:
    """Return whether ``char`` belongs to a script without such spaces, as letter or punctuation."""
    category = unicodedata.category(char)
    if category[0] in "LMN":
        name = unicodedata.name(char, "")
        return not char.isascii() and name.split(" ")[0].split("-")[0] not in _SPACED
    return is_wide_punctuation(char)


@lru_cache(maxsize=4096)
def is_wide_punctuation(char: str) -> bool:
    """Return whether ``char`` is punctuation as wide as an ideograph, with its space within."""
    return unicodedata.category(char)[0] == "P" and unicodedata.east_asian_width(char) in _WIDE


def is_word_of_spaces(char: str) -> bool:
    """Return whether ``char`` is a letter, digit or underscore of a script that sets spaces."""
    return _SPACED_LETTER.fullmatch(char) is not None
