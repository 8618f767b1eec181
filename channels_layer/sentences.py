"""Sentences that jobs, which know no reader, store in English; read in the reader's language.

What is stored stays as it is: the API and models get it in English. Pages translate it.
"""

import re
from collections.abc import Iterable
from functools import cache

from django.utils.translation import gettext

from channels_layer import formats
from channels_layer.registry import Registry

LONGEST = 1000
"""The length of the longest text that may be one of them."""
_NUMBERS = frozenset({"number", "total", "code", "status", "limit"})
"""Places of digits alone; in ``{sentence}`` stands another sentence, in others any text."""
_PLACE = re.compile(r"\\\{(\w+)\\\}")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")

_sentences: Registry[str, bool] = Registry("stored sentence")
"""Whether customers read it, by sentence."""


def register(*sentences: str, for_customers: bool = False) -> None:
    """Register sentences that ``gettext_noop`` marks; ``{name}`` stands for what was put in.

    Those ``for_customers``, which have no places, are translated on their side.
    """
    for sentence in sentences:
        _sentences.register(sentence, for_customers)


def translated(text: str, *, among: Iterable[str] | None = None) -> str:
    """Return a stored text in the reader's language, with the values that it was stored with.

    A text that is none of the registered sentences, or of those ``among``, is returned as it is.
    """
    if not text or len(text) > LONGEST:
        return text
    known = _sentences if among is None else among
    for sentence in sorted(known, key=len, reverse=True):  # the most particular one first
        if match := _pattern(sentence).fullmatch(text):
            values = {name: _value(value) for name, value in match.groupdict().items()}
            return gettext(sentence).format(**values)
    return text


def for_customers() -> dict[str, str]:
    """Return the sentences that customers may get, with each in the reader's language."""
    return {sentence: gettext(sentence) for sentence, is_shown in _sentences.items() if is_shown}


def _value(text: str) -> str:
    """Return a value in the reader's language: a sentence, or a number with thousands marked."""
    if _THOUSANDS.fullmatch(text):
        return formats.number(int(text.replace(",", "")))
    return translated(text) if text in _sentences else text


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(_place, re.escape(sentence)), re.DOTALL)


def _place(match: re.Match[str]) -> str:
    name = match[1]
    value = r"[\d.,]+" if name in _NUMBERS else ".+"
    if name == "sentence":
        value = "|".join(re.escape(one) for one in _sentences if "{" not in one)
    return f"(?P<{name}>{value})"
