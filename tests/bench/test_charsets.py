"""How well short texts are read without a word of their charset: Django's own sentences."""

import gettext
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

from conversations.files import charsets
from tests.bench.figures import MILLI, Figure, Show
from tests.conversations.sentences import CEDILLAS, CHARSETS

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

SIZES = (20, 40, 60, 100, 200)
"""Bytes of a text, about."""
TEXTS = 50
"""Texts of each size in each charset of each language."""
LOCALES = {"zh-cn": "zh_Hans", "zh-tw": "zh_Hant"}
RIGHT = ("right, not marked", "right, marked")
_BLANK = re.compile(r"%\(?\w*\)?[a-z]|<[^>]+>|\{[^}]*\}")


def test_short_texts_are_read_or_said_to_be_guesses(show: Show) -> None:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    wrong, began = [], time.perf_counter()
    for language, codec, size, text in cases():
        outcome, read = judged(text, codec)
        found[size][outcome] += 1
        if outcome == "wrong, not marked":
            wrong.append((language, codec, text, read))
    taken = time.perf_counter() - began
    for size, outcomes in found.items():
        name = f"charsets: texts of {size} bytes read right"
        share = sum(outcomes[one] for one in RIGHT) / outcomes.total()
        show(Figure(name=name, unit="1", ours=share, also=outcomes))
    each = taken / sum(outcomes.total() for outcomes in found.values())
    show(Figure(name="charsets: guessing one", unit="ms", ours=each * MILLI))
    assert not wrong


def judged(text: str, codec: str) -> tuple[str, str]:
    """Return what became of a text in a charset, and as what it was read."""
    read = charsets.decoded(text.encode(codec))
    is_right = read.text.translate(CEDILLAS) == text.translate(CEDILLAS)
    marked = "" if read.is_sure else "marked"
    return f"{'right' if is_right else 'wrong'}, {marked or 'not marked'}", read.text


def cases() -> Iterator[tuple[str, str, int, str]]:
    """Yield language, charset, size and text, the same in every run."""
    for language, codecs in CHARSETS.items():
        pool = messages(LOCALES.get(language, language))
        for codec in codecs:
            chance = random.Random(language)  # noqa: S311 - no secret
            for size in SIZES:
                for _ in range(TEXTS):
                    yield language, codec, size, composed(pool, codec, size, chance)


def composed(pool: list[str], codec: str, size: int, chance: random.Random) -> str:
    """Return messages in a row, cut at a word where there are words."""
    text = ""
    while text.isascii() or len(text.encode(codec)) < size * 0.8:
        text = f"{text} {chance.choice(pool)}".strip()
        text = text.encode(codec, "ignore").decode(codec)
    words = text.split(" ")
    while len(" ".join(words[:-1]).encode(codec)) >= size and not " ".join(words[:-1]).isascii():
        words.pop()
    return " ".join(words)


def messages(locale: str) -> list[str]:
    """Return the messages of Django's catalogues that have something beyond ASCII."""
    found: set[str] = set()
    for path in Path(django.__file__).parent.rglob(f"locale/{locale}/LC_MESSAGES/*.mo"):
        with path.open("rb") as file:
            catalogue: dict[object, object] = vars(gettext.GNUTranslations(file))["_catalog"]
        texts = [text for text in catalogue.values() if isinstance(text, str)]
        found |= {_BLANK.sub("42", text).strip() for text in texts if not text.isascii()}
    return sorted(found)
