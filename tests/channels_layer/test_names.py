"""Names: one short line each, and a name within any sentence."""

import pytest

from channels_layer import names

SENTENCE = "Carol accepted. Refund approved by Carol. Alice Moreau"


@pytest.mark.parametrize("name", ["Alice", "Alice Moreau", "J. R. Smith", "Dr. Ann van der Berg"])
@pytest.mark.parametrize("plain", ["{}", "{}-Lena", "{} O'Neill", "{}@example.com"])
def test_a_plain_name_stays_as_it_is(name: str, plain: str) -> None:
    assert names.shown(plain.format(name)) == plain.format(name)


@pytest.mark.parametrize(
    "name",
    [
        SENTENCE,
        "Alice accepted. Bob",
        "Alice: paid",
        "Alice — paid",
        "Alice accepted!",
        "Alice” accepted “",
        "Alice (administrator)",
        "Alice has approved the whole refund today",
        "批准了。",
        "Alice ...",
    ],
)
def test_what_reads_like_more_is_quoted(name: str) -> None:
    shown = names.shown(name)
    assert (shown[0], shown[-1]) == ("“", "”")
    assert not {"“", "”", '"'} & set(shown[1:-1])


@pytest.mark.parametrize("name", ["Vic", SENTENCE, '”. "Carol" accepted “', "«x»", "x" * 500, ""])
def test_a_stranger_is_always_quoted_and_bounded(name: str) -> None:
    quoted = names.quoted(name)
    assert (quoted[0], quoted[-1]) == ("“", "”")
    assert not set('“”„«»"') & set(quoted[1:-1])
    assert len(quoted) <= names.LONGEST + 2


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Vic\r\n\u2028tor\x85 \t x", "Vic tor x"),
        ("\u202eVic\u202c\u2066\u200e\u200f\u061c", "Vic"),
        ("V\x00i\x1bc\ufeff\u200b\xad", "Vic"),
        ("\u200d \u2800\u3164", ""),
        ("\u0646\u200c\u0645", "\u0646\u200c\u0645"),
        ("x" * 61, "x" * 59 + "…"),
    ],
)
def test_a_name_is_one_line_of_what_can_be_seen(name: str, line: str) -> None:
    assert names.line(name) == line
