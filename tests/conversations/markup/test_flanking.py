"""Where emphasis begins and ends: as CommonMark says, but beside scripts that set no space."""

from itertools import product

import pytest
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from conversations import markdown
from conversations.markup.flanking import InlineState
from conversations.markup.parsing import Parser

SPACED = " \naZ9_éжΩ.,:;!?()[]\"'*~/&%$€\u2013—…«»“”\u00a0\u2009"
"""Blanks, letters and punctuation of scripts that set spaces."""


def test_texts_with_spaces_are_read_as_commonmark_says() -> None:
    stock, ours = MarkdownIt("js-default"), Parser(is_linked=False)
    for before, after, mark in product(SPACED, SPACED, ("*", "**", "_", "__", "~~")):
        is_arithmetic = before.isdecimal() and after.isdecimal()
        is_name = mark[0] == "_" and after in ".("
        if before in mark or after in mark or is_arithmetic or is_name:
            continue
        text = f"{before}{mark}{after}"
        asked = (1, mark[0] != "_")
        wanted = StateInline(text, stock, {}, []).scanDelims(*asked)
        assert InlineState(text, ours, {}, []).scanDelims(*asked) == wanted, repr(text)


@pytest.mark.parametrize("mark", ["**", "*", "~~", "***"])
@pytest.mark.parametrize(
    "inner", ["중요(필수)", "「重要」", "注意\uff1a", '"ok"', "สำคัญ!", "a)", "🔥"]
)
@pytest.mark.parametrize("outer", ["는", "です", "的", "ค", "و", "ה", "का", "က", "。", "、"])
def test_marks_are_read_beside_scripts_without_spaces(mark: str, inner: str, outer: str) -> None:
    html = markdown.render(f"{outer}{mark}{inner}{mark}{outer}")
    assert mark[0] not in html
    assert inner.replace('"', "&quot;") in html.replace('"ok"', "&quot;ok&quot;")


@pytest.mark.parametrize(
    "inner", ["Note:", "Nr.", "Важно!", "«важно»", "„so“", "a (b)", "🔥", "`a`"]
)
@pytest.mark.parametrize("after", ["Read", "123", "և", "და"])
def test_double_marks_end_behind_punctuation(inner: str, after: str) -> None:
    for text in (f"**{inner}**{after}", f"a (~~{inner}~~{after})", f"- **{inner}**{after} **b**"):
        html = markdown.render(text)
        assert "**" not in html
        assert "~~" not in html


def test_double_marks_that_may_begin_end_nothing() -> None:
    assert markdown.render("**bold (**nested**)** x").count("<strong>") == 2
    assert markdown.render("a.**b c.**d") == "<p>a.**b c.**d</p>\n"
    assert markdown.render("<b>**a</b> <i>b.**c</i>").count("**") == 2


@pytest.mark.parametrize("text", ["中_重点_的", "5*6*7", "__init__.py", "** 중요 **는", "중요**"])
def test_signs_that_are_no_marks_stay(text: str) -> None:
    assert markdown.render(text) == f"<p>{text}</p>\n"
