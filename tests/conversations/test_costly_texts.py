"""Texts that cost dear: what they cost is bounded, and they stay readable."""

import gc
import itertools
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.template.loader import render_to_string

from channels_layer.access.actors import System
from conversations import markdown, previews
from conversations.markup import tags, words
from conversations.markup.code import LANGUAGES, Painter
from conversations.models import AuthorKind, Conversation, Message
from conversations.services import messages, thread
from conversations.services.messages import Draft
from conversations.services.thread import Entry
from conversations.sources.whatsapp import formatting
from conversations.views.items import Reader, items_of
from tests import factories, pace
from tests.hostile.texts import LONGEST, UNITS, hostile_texts

MOST_SECONDS = 0.15
"""What one text may take here; the slow tests measure closer."""
MOST_TO_TAKE_IN = 0.05
MOST_TO_SHOW = 0.005
TRIES = 4
"""How often a text that cost too much is tried: the machine does other things as well."""
COLUMNS = 100
TABLE = "|" + "a|" * COLUMNS + "\n|" + "-|" * COLUMNS + "\n" + "|\n" * 4_000
WORST = {
    "brackets": "[" * LONGEST,
    "images": "![" * (LONGEST // 2),
    "schemes": "://" * (LONGEST // 3),
    "cells": TABLE,
    "language": "```ng2\n" + "(" * (LONGEST - 7),
    "stars": "*" * 1_600 + "a" + "*" * 1_600,
    "more stars": "*" * 3_200 + "a" + "*" * 3_200,
    "dashes": "- " * 1_600 + "a",
    "headings": "=\n" * (LONGEST // 2),
    "open tags": "<b>" * (LONGEST // 3),
    "tags in tags": "<b>" * 1_400 + "</b>" * 1_400,
    "comments": "<!-- \n" * (LONGEST // 6),
    "frames": "<p>\n" * (LONGEST // 4),
    "rows": "<table>" + "<tr><td>a" * (LONGEST // 10) + "</table>",
    "tables": "<table><tr><td>a</table>\n" * (LONGEST // 25),
    "tables in tables": "<table>\n" * (LONGEST // 10) + "</table>",
    "products": "x*2+y*2 " * (LONGEST // 8),
    "items": "1. a\n3. a\n" * (LONGEST // 10),
    "amounts": "+ 5\n- 5\n" * (LONGEST // 8),
    "formulas": "\\(" * (LONGEST // 2),
    "marks without spaces": "\uac00**" * (LONGEST // 3),
    "glued addresses": "\u4e2dhttps://a.example/b" * (LONGEST // 22),
    "fences": "```a\n" * (LONGEST // 5),
    "ticks": "`a" * (LONGEST // 2),
}


@pytest.mark.parametrize("name", WORST)
@pytest.mark.parametrize(
    "render",
    [markdown.render, markdown.render_plain, markdown.render_typed, formatting.from_markdown],
)
def test_the_worst_cost_little(render: Callable[[str], str], name: str) -> None:
    render("warm **it** up: https://shop.example")
    begun = time.thread_time()
    shown = render(WORST[name])
    assert time.thread_time() - begun < MOST_SECONDS * pace.slowness()
    assert len(shown) <= markdown.MOST_HTML


@pytest.mark.parametrize("name", sorted([*tags.MARKS, *tags.CODE, *tags.ATTRIBUTED, "a"]))
def test_tags_in_tags_are_never_too_deep(name: str) -> None:
    begin = '<a href="https://shop.example">' if name == "a" else f"<{name}>"
    text = "x" + begin * 180 + "y" + f"</{name}>" * 180
    for write in (markdown.render, formatting.from_markdown, words.of_markdown):
        assert "y" in write(text)


@pytest.mark.parametrize("begin", ["> ", "- ", "1. ", "> - "])
def test_words_in_deep_blocks_are_kept(begin: str) -> None:
    assert "kept" in markdown.render(begin * 150 + "kept")


def test_there_are_many_of_many_kinds() -> None:
    texts = hostile_texts()
    assert len(set(texts)) >= 500
    assert len(UNITS) >= 25
    assert max(map(len, texts)) <= LONGEST
    assert texts == hostile_texts()


def test_what_costs_too_much_is_shown_as_it_was_typed() -> None:
    html = markdown.render("**a** <b>\n" + "[" * 5_000)
    assert "<p>**a** &lt;b&gt;<br>\n[[[" in html


def test_each_mark_of_a_row_is_counted() -> None:
    assert markdown.render("*" * 3_000 + "a" + "*" * 3_000).startswith("<p>*")
    assert markdown.render("a\n" + "*" * 80 + "\nb **c**").count("<strong>") == 1


def test_a_long_answer_keeps_its_marks() -> None:
    answer = "## Steps\n\n1. **Open** https://shop.example\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n"
    html = markdown.render(answer * 80)
    assert html.count("<h2>") == html.count("<table>") == html.count("<a ") == 80


def test_more_addresses_than_anybody_opens_are_no_links() -> None:
    html = markdown.render("**many** " + "a.com " * 1_000)
    assert "<strong>" in html
    assert "<a " not in html


@pytest.mark.parametrize("language", ["ng2", "autohotkey", "klingon"])
def test_languages_that_are_not_listed_stay_plain(language: str) -> None:
    assert Painter().html_of("if (a) {}", language) == "if (a) {}"


@pytest.mark.slow
def test_every_listed_language_is_known() -> None:
    assert "tok-" in "".join(Painter().html_of("if (1) { 'a' }\n# a", name) for name in LANGUAGES)


def test_code_that_takes_too_long_stays_plain() -> None:
    code = "a " * 150 + "\n"
    assert Painter().html_of(code * 13, "java") == code * 13


def test_a_quote_of_a_long_text_costs_little() -> None:
    begun = time.thread_time()
    message = Message(kind=Message.Kind.MESSAGE, author_kind=AuthorKind.ASSISTANT)
    message.text = "[" * LONGEST
    assert previews.of(message).startswith("[[[")
    assert time.thread_time() - begun < 0.01 * pace.slowness()


@pytest.mark.slow
@pytest.mark.usefixtures("steady")
def test_no_text_costs_more_than_it_may(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    """Taking in is the whole call of a service; showing is what a page does with a message."""
    reader = Reader(actor=factories.staff(alice))
    moments = (noon + timedelta(seconds=number) for number in itertools.count())
    costs(conversation, reader, "**warm** it up", at=next(moments), is_answer=True)
    for number, text in enumerate(hostile_texts()):
        tries = (
            costs(conversation, reader, text, at=at, is_answer=number % 2 == 1)
            for at in itertools.islice(moments, TRIES)
        )
        assert any(taken <= MOST_TO_TAKE_IN and shown <= MOST_TO_SHOW for taken, shown in tries), (
            text[:80]
        )


@pytest.fixture
def steady() -> Iterator[None]:
    """Leave out the time in which Python looks for garbage among everything that is loaded."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def costs(
    conversation: Conversation, reader: Reader, text: str, *, at: datetime, is_answer: bool
) -> tuple[float, float]:
    """Return an ordinary core's seconds to take a text in, and to show it."""
    begun = time.thread_time()
    written = write(conversation, text, at=at, is_answer=is_answer)
    taken = time.thread_time() - begun
    stored = Message.objects.get(pk=written.pk)
    begun = time.thread_time()
    items = items_of([stored], reader=reader)
    render_to_string("conversations/_messages.html", {"items": items, "is_shut": False})
    shown = time.thread_time() - begun
    if taken > MOST_TO_TAKE_IN or shown > MOST_TO_SHOW:
        slowness = pace.slowness()
        return taken / slowness, shown / slowness
    return taken, shown


def write(conversation: Conversation, text: str, *, at: datetime, is_answer: bool) -> Message:
    """Write ``text`` as an assistant's answer, or as what a customer says."""
    if not is_answer:
        return messages.customer_message(
            conversation=conversation,
            by=System(name="Victor"),
            draft=Draft(text=text, said_at=at),
            at=at,
        )[0]
    with transaction.atomic():
        author = thread.Author(kind=AuthorKind.ASSISTANT, id="1", name="Maya")
        return thread.append(conversation.locked(), Entry(author=author, text=text), at=at)
