"""Texts of messages as HTML: made once, shown from what is stored."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from channels_layer.access.actors import System
from channels_layer.log import events
from conversations import markdown
from conversations.models import Conversation, Message, Rendering
from conversations.objects import rendering
from conversations.objects.message import message_object, visitor_message
from conversations.objects.rendering import html_of, html_of_each
from conversations.selectors.messages import page
from conversations.services import conversations, messages, thread
from conversations.services.conversations import Opening
from conversations.services.messages import Draft
from conversations.services.thread import Entry, assistant_author
from conversations.sources.test_chat import KIND as TEST_CHAT
from tests import factories
from tests.factories import staff

TEXT = "**Warm** it up."
HTML = "<p><strong>Warm</strong> it up.</p>"


@pytest.fixture
def message(conversation: Conversation, alice: User, noon: datetime) -> Message:
    rendering._recent.clear()
    return messages.post(
        conversation=conversation, by=staff(alice), draft=Draft(text=TEXT), at=noon
    )[0]


def test_a_message_is_stored_with_its_html(message: Message) -> None:
    assert Rendering.objects.get(message=message).html == HTML


def test_what_is_stored_is_shown(message: Message) -> None:
    Rendering.objects.filter(message=message).update(html="<p>stored</p>")
    rendering._recent.clear()
    shown = visitor_message(message_object(message))
    assert shown is not None
    assert shown["html"] == html_of(Message.objects.get(pk=message.pk)) == "<p>stored</p>"


def test_an_edit_makes_it_anew(message: Message, noon: datetime) -> None:
    conversation = Conversation.objects.get(pk=message.conversation_id)
    messages.edit(conversation, message, text="**Cool**", at=noon)
    fresh = Message.objects.get(pk=message.pk)
    assert html_of(fresh) == Rendering.objects.get(message=message).html
    assert "<strong>Cool</strong>" in html_of(fresh)


def test_another_renderer_makes_it_anew(message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    Rendering.objects.filter(message=message).update(html="<p>old</p>")
    monkeypatch.setattr(markdown, "VERSION", markdown.VERSION + 1)
    assert html_of(Message.objects.get(pk=message.pk)) == HTML
    assert Rendering.objects.get(message=message).html == HTML


def test_a_replayed_event_keeps_the_text_that_it_had(message: Message, noon: datetime) -> None:
    conversation = Conversation.objects.get(pk=message.conversation_id)
    messages.edit(conversation, message, text="**Cool**", at=noon)
    rows = events.replay(conversation.topic, after=0, limit=50, audience="visitor") or []
    shown = [frame["data"]["html"] for _, frame in rows if "html" in frame.get("data", {})]
    assert HTML in shown
    assert "<p><strong>Cool</strong></p>" in shown


def test_what_a_customer_typed_is_shown_so_everywhere(
    conversation: Conversation, noon: datetime
) -> None:
    message = Message(
        conversation=conversation,
        position=99,
        author_kind="customer",
        text="# 5 is *mine*",
        created_at=noon,
    )
    message.save()
    shown = visitor_message(message_object(message))
    assert shown is not None
    assert shown["html"] == html_of(message) == "<p># 5 is *mine*</p>"


def test_a_list_shows_the_words_of_an_answer_and_the_signs_of_a_customer(
    conversation: Conversation, noon: datetime
) -> None:
    answer = Entry(author=assistant_author(conversation.assistant), text="## **Warm** 2*3*4 `it`")
    with transaction.atomic():
        thread.append(conversation.locked(), answer, at=noon)
    conversation.refresh_from_db()
    assert conversation.last_message_text == "Warm 2*3*4 it"
    draft = Draft(text="# 5 is *mine*\n1. a_b_c")
    messages.customer_message(
        conversation=conversation, by=System(name="Victor"), draft=draft, at=noon
    )
    conversation.refresh_from_db()
    assert conversation.last_message_text == "# 5 is *mine* 1. a_b_c"


def test_what_staff_ask_in_their_own_chat_is_as_typed_but_for_code(
    chat: Conversation, alice: User, noon: datetime
) -> None:
    message, _ = messages.post(
        conversation=chat, by=staff(alice), draft=Draft(text="```\na = 1\n```\n- one"), at=noon
    )
    assert message.author_kind == "customer"
    assert "<pre><code>a = 1" in html_of(message)
    assert "<p>- one</p>" in Rendering.objects.get(message=message).html


@pytest.fixture
def chat(alice: User, noon: datetime) -> Conversation:
    """Alice's chat with an assistant."""
    source = factories.SourceFactory.create(kind=TEST_CHAT)
    return conversations.start(opening=Opening(source=source), by=staff(alice), at=noon)


@pytest.fixture
def old(message: Message, conversation: Conversation, alice: User, noon: datetime) -> list[Message]:
    """Return messages of which nothing is stored yet."""
    draft = Draft(text="**Cool**")
    at = noon + timedelta(minutes=1)
    other = messages.post(conversation=conversation, by=staff(alice), draft=draft, at=at)[0]
    Rendering.objects.all().delete()
    return list(Message.objects.filter(pk__in=[message.pk, other.pk]).order_by("position"))


def test_a_page_asks_once(old: list[Message]) -> None:
    html_of_each(old)
    with CaptureQueriesContext(connection) as queries:
        assert html_of_each(old)[old[0].pk] == HTML
    assert len(queries) == 1


def test_what_an_old_page_lacks_is_stored_together(old: list[Message]) -> None:
    with CaptureQueriesContext(connection) as queries:
        html_of_each(old)
    assert sum("INSERT" in query["sql"] for query in queries) == 1
    assert Rendering.objects.count() == len(old)


def test_a_page_is_read_where_nothing_can_be_written(old: list[Message]) -> None:
    with connection.execute_wrapper(read_only):
        assert list(html_of_each(old).values()) == [HTML, "<p><strong>Cool</strong></p>"]
    assert not Rendering.objects.exists()


def read_only(execute: Any, sql: str, *rest: Any) -> Any:
    """Refuse to write, as a database does that is read alone."""
    if "INSERT" in sql:
        raise InternalError("cannot execute INSERT in a read-only transaction")
    return execute(sql, *rest)


def test_a_list_without_html_does_not_load_it(
    conversation: Conversation, message: Message, alice: User
) -> None:
    with CaptureQueriesContext(connection) as queries:
        page(conversation, staff(alice))
    assert not any("rendering" in query["sql"] for query in queries)
