"""Texts in many scripts, as models and people write them: HTML for every face, and WhatsApp's."""

from collections.abc import Callable

import pytest

from conversations import markdown
from conversations.models import AuthorKind, Message
from conversations.sources.whatsapp.transport import text_of
from tests.conversations.markup.corpus import Snippet, scripts, shown, snippets

RENDERERS: dict[str, Callable[[str], str]] = {
    AuthorKind.ASSISTANT: markdown.render,
    AuthorKind.AGENT: markdown.render_typed,
    AuthorKind.CUSTOMER: markdown.render_plain,
}


def test_there_are_two_hundred_in_ten_scripts_and_more() -> None:
    counts = {script: len(snippets(script)) for script in scripts()}
    assert sum(number >= 20 for number in counts.values()) >= 10, counts
    assert sum(counts.values()) >= 200, counts


@pytest.mark.parametrize("script", scripts())
def test_every_face_shows_what_was_meant(script: str) -> None:
    found = {snippet.name: RENDERERS[snippet.author](snippet.text) for snippet in snippets(script)}
    wanted = {snippet.name: snippet.html for snippet in snippets(script)}
    assert {name: shown(html) for name, html in found.items()} == wanted


@pytest.mark.parametrize("script", scripts())
def test_whatsapp_gets_what_was_meant(script: str) -> None:
    written = [snippet for snippet in snippets(script) if snippet.author != AuthorKind.CUSTOMER]
    found = {snippet.name: text_of(message(snippet)) for snippet in written}
    assert found == {snippet.name: snippet.whatsapp for snippet in written}


def message(snippet: Snippet) -> Message:
    return Message(
        kind=Message.Kind.MESSAGE, author_kind=snippet.author, text=snippet.text, author_name="Ada"
    )
