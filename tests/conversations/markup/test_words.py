"""Words of Markdown: the same, whether a page was made of the text before or not."""

from collections.abc import Iterator

import pytest
from markdown_it import MarkdownIt

from conversations import markdown
from conversations.markup import parsing, words
from tests.conversations.markup.corpus import scripts, snippets
from tests.hostile.texts import hostile_texts

LINKS = [
    "See <https://shop.example/%E2%82%AC> and https://xn--bcher-kva.example/x, example.com too",
    "[bü\u00adcher.example](https://shop.example) and [other.example](https://shop.example/1)",
    "![a picture](https://shop.example/1.png) beside *2 * 3* and ~~old~~ H~2~O x^2^",
    "1. one\n2. two\n\n> quoted `code`\n\n```auto\nfenced\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "\u202eturned\u202c **bold**",
    "",
]


@pytest.fixture(autouse=True)
def nothing_parsed() -> Iterator[None]:
    words.parsed_for_a_page("", ())
    yield
    words.parsed_for_a_page("", ())


def agree(texts: list[str]) -> None:
    for text in texts:
        words.parsed_for_a_page("", ())
        alone = words.of_markdown(text)
        markdown.render(text)
        assert words.of_markdown(text) == alone, text


@pytest.mark.parametrize("script", scripts())
def test_of_every_script(script: str) -> None:
    agree([snippet.text[: words.SHORT] for snippet in snippets(script)])


def test_of_links_and_whatever_else_has_marks() -> None:
    agree(LINKS)


def test_of_hostile_texts() -> None:
    agree([text[: words.SHORT] for text in hostile_texts()[::5]])


def test_a_message_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse = parsing.parsed

    def noted(parser: MarkdownIt, text: str) -> object:
        parsed.append(text)
        return parse(parser, text)

    monkeypatch.setattr(parsing, "parsed", noted)
    text = "Your parcel **12** is [on its way](https://shop.example/12).\n\n- track it"
    markdown.render(text)
    assert words.of_markdown(text) == "Your parcel 12 is on its way. track it"
    assert parsed == [text]


def test_tokens_of_long_texts_are_not_kept() -> None:
    markdown.render("**long** " * 100)
    assert not words._latest.tokens
