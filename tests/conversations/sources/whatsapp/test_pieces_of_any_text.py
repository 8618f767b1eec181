"""Pieces of any text: none is too long, and nothing of what was written is lost or added."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.sources.whatsapp import formatting, pieces

LONGEST = 100
PARTS = [
    *("word", "字字字字", "。", ". ", " ", "  ", "\n", "\n\n", "\n    ", "\n\t2     5 EUR", "\n- "),
    *(
        "*",
        "_",
        "~",
        "`",
        "```",
        "**",
        "x" * 60,
        "字" * 99,
        "_so so_",
        "*a b* ",
        "👩🏽\u200d🚀",
        "e\u0301",
    ),
    *("https://shop.example/a?b=c", "\u3000", "٣", "한글 ", "1. "),
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=60).map("".join)


@given(text=TEXTS, is_typed=st.booleans())
@settings(max_examples=150, deadline=None)
def test_none_is_longer_than_the_limit(text: str, *, is_typed: bool) -> None:
    found = pieces.cut(text, longest=LONGEST, is_typed=is_typed)
    assert [piece for piece in found if len(piece) > LONGEST or not piece.strip()] == []


@given(text=TEXTS)
@settings(max_examples=150, deadline=None)
def test_what_an_agent_typed_is_only_cut(text: str) -> None:
    assert only_cut(text, pieces.cut(text, longest=LONGEST, is_typed=True))


@given(text=TEXTS)
@settings(max_examples=150, deadline=None)
def test_an_answer_keeps_its_words(text: str) -> None:
    written = formatting.from_markdown(text)
    found = "".join(pieces.cut(written, longest=LONGEST))
    assert words_of(found) == words_of(written)


def only_cut(text: str, found: list[str]) -> bool:
    """Return whether nothing but blanks is missing, and none of them at the head of a line."""
    ends, place = [0], 0
    for piece in found:
        start = text.find(piece, place)
        if start == -1:
            return False
        place = start + len(piece)
        ends += [start, place]
    gaps = [text[start:end] for start, end in list(pairwise([*ends, len(text)]))[::2]]
    between = [gap for gap in gaps[1:-1] if "\n" in gap]
    return not "".join(gaps).strip() and all(gap.endswith("\n") for gap in between)


def words_of(text: str) -> str:
    return "".join(char for char in text if char not in "*_~`" and not char.isspace())
