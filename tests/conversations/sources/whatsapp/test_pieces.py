"""Long texts in pieces: no cut divides a letter, a mark or code that fits into one."""

import pytest

from conversations.models import AuthorKind, Conversation, Message
from conversations.sources.whatsapp import formatting, pieces
from conversations.sources.whatsapp.transport import WhatsAppTransport


def test_a_mark_is_not_divided() -> None:
    text = f"{'word ' * 17}*bold words that belong together* and more"
    first, second = pieces.cut(text, longest=100)
    assert first.endswith("word")
    assert second == "*bold words that belong together* and more"


def test_code_that_fits_stays_in_one_piece() -> None:
    code = "```a = 1\n\n  b = 2\nc = 3```"
    first, second = pieces.cut(f"{'word ' * 17}\n{code}", longest=100)
    assert (first, second) == (("word " * 17).strip(), code)


def test_longer_code_is_closed_and_opened_anew() -> None:
    lines = [f"    line {number}" for number in range(40)]
    found = pieces.cut("```" + "\n".join(lines) + "```", longest=100)
    assert all(len(piece) <= 100 for piece in found)
    assert all(piece.startswith("```") and piece.endswith("```") for piece in found)
    assert "\n".join(piece.strip("`") for piece in found) == "\n".join(lines)


def test_longer_bold_words_are_bold_in_each_piece() -> None:
    found = pieces.cut("*" + "word " * 60 + "end*", longest=100)
    assert all(len(piece) <= 100 for piece in found)
    assert all(piece.count("*") == 2 for piece in found)


def test_an_address_is_not_divided() -> None:
    address = "https://shop.example/a.%20b?c=d"
    assert pieces.cut(f"{'x' * 80} {address}", longest=100) == ["x" * 80, address]


@pytest.mark.parametrize("letter", ["👩🏽\u200d🚀", "🇩🇪", "e\u0301", "❤\ufe0f", "की", "👍🏿", "각"])
def test_a_letter_is_not_divided(letter: str) -> None:
    found = pieces.cut(letter * 100, longest=64 - 64 % len(letter) + 1)
    assert "".join(found) == letter * 100
    assert all(len(piece) % len(letter) == 0 for piece in found)


def test_a_text_without_end_is_cut_all_the_same() -> None:
    found = pieces.cut("a" + "\u0301" * 300, longest=100)
    assert [len(piece) for piece in found] == [100, 100, 100, 1]


def test_blanks_at_the_beginning_are_kept() -> None:
    assert pieces.cut("  a\n b ") == ["  a\n b"]


def test_a_text_that_shows_nothing_is_sent_as_it_was_typed() -> None:
    assert formatting.from_markdown("<br><br>") == "<br><br>"


def test_a_full_stop_of_chinese_belongs_to_the_piece_before() -> None:
    assert pieces.cut("字" * 99 + "。" + "字" * 10, longest=100) == ["字" * 99 + "。", "字" * 10]
    found = pieces.cut("字" * 100 + "。" + "字" * 10, longest=100)
    assert [len(piece) for piece in found] == [100, 11]


@pytest.mark.parametrize("mark", ["_", "~", "*", "`", "```"])
def test_nothing_is_put_into_what_an_agent_typed(mark: str) -> None:
    found = pieces.cut(mark + "word " * 60 + "end" + mark, longest=100, is_typed=True)
    assert "".join(found).count(mark) == 2


@pytest.mark.parametrize(("author", "marks"), [(AuthorKind.AGENT, 2), (AuthorKind.ASSISTANT, 4)])
def test_the_author_says_whether_a_text_is_only_cut(author: AuthorKind, marks: int) -> None:
    message = Message(author_kind=author, text=f"_{'word ' * 1_000}end_")
    parts = WhatsAppTransport().parts(Conversation(), message, [], None)
    assert [part["type"] for part in parts] == ["text", "text"]
    assert "".join(part["text"] for part in parts).count("_") == marks


@pytest.mark.parametrize("is_typed", [True, False])
def test_the_blanks_of_a_line_stay(*, is_typed: bool) -> None:
    rows = [f"    {number:<6}5 EUR" for number in range(20)]
    found = pieces.cut("\n".join(rows), longest=100, is_typed=is_typed)
    assert "\n".join(found).split("\n") == rows


def test_a_mark_is_closed_where_a_phone_reads_it() -> None:
    found = pieces.cut("*" + "word " * 60 + "end*", longest=100)
    assert all(piece[1:-1] == piece[1:-1].strip() for piece in found)
