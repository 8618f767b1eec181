"""Standstills: a chat in which nobody answers says why, and offers the one act that helps."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from channels_layer.access.actors import System
from chats.models import Run
from chats.services import chats, endings, openings, runs
from chats.services.endings import NO_ANSWER, Result
from conversations.models import Conversation
from conversations.selectors import conversations as selectors
from conversations.services import conversations, messages
from conversations.services.messages import Draft
from handoff import services as handoff
from handoff.models import Control, Handoff, Switch
from tests import factories
from tests.handoff.sending import send_all

pytestmark = pytest.mark.both_databases
LATER = timedelta(minutes=1)


@pytest.fixture
def page(alice: User) -> Client:
    """Alice's browser."""
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def chat(alice: User, noon: datetime) -> Conversation:
    """Alice's chat with Ada, in which she has asked something."""
    assistant = factories.AssistantFactory.create()
    chat, _ = chats.start(by=factories.staff(alice), assistant=assistant, text="Hi", at=noon)
    return chat


def begin(chat: Conversation, at: datetime) -> Run:
    run = openings.next_run(conversation_id=chat.pk, at=at + timedelta(seconds=20)).run
    assert run
    return run


def end(chat: Conversation, result: Result, at: datetime) -> Run:
    return endings.finish(run=begin(chat, at), result=result, at=at)


def shown(page: Client, chat: Conversation) -> str:
    """Return what the chat says in place, which its page and its parts do alike."""
    parts = page.get(f"/chats/{chat.pk}/head/").content.decode()
    whole = page.get(f"/chats/{chat.pk}/").content.decode()
    state = parts.partition('data-swap="chat-state"')[2]
    assert ("data-standstill" in whole) == ("data-standstill" in state)
    return state


@pytest.mark.parametrize("reason", ["error", "interrupted", "limit"])
def test_a_failed_chat_enters_no_queue_and_can_be_tried_again(
    page: Client, chat: Conversation, noon: datetime, reason: str
) -> None:
    run = end(chat, Result(reason, "", error="unavailable"), noon)
    chat.refresh_from_db()
    assert chat.control == Control.AI
    assert not selectors.waiting().exists()
    assert not Handoff.objects.exists()
    assert chat.messages.get(run_id=run.pk).text == NO_ANSWER
    html = shown(page, chat)
    assert "(the model cannot be reached)" in html
    assert "unavailable" not in html
    assert f'data-remedy="regenerate"\n            data-run="{run.pk}"' in html
    inbox = page.get(f"/conversations/{chat.pk}/floor/").content.decode()
    assert 'data-remedy="regenerate"' in inbox

    runs.regenerate(run=run, at=noon)
    assert "data-remedy" not in shown(page, chat)
    end(chat, Result("stop", "Hello!"), noon)
    assert "data-remedy" not in shown(page, chat)


def test_a_customer_whose_assistant_fails_waits_for_a_person(
    conversation: Conversation, noon: datetime
) -> None:
    by = System(name="Victor")
    messages.customer_message(conversation=conversation, by=by, draft=Draft(text="Hi"), at=noon)
    end(conversation, Result("error", "", error="unavailable"), noon)
    conversation.refresh_from_db()
    assert conversation.control == Control.REQUESTED


def test_why_an_assistant_failed_is_said_in_words_everywhere(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    by = System(name="Victor")
    messages.customer_message(conversation=conversation, by=by, draft=Draft(text="Hi"), at=noon)
    run = end(conversation, Result("error", "", error="rate_limited"), noon)
    send_all()
    html = page.get(f"/conversations/{conversation.pk}/").content.decode()
    bell = page.get("/navigation/notifications/").content.decode()
    reason = "The assistant could not answer (the model has too many requests)"
    assert html.count(reason) >= 2
    assert "The model has too many requests</span>" in html
    assert reason in bell
    assert "rate_limited" not in html + bell
    assert run.error == conversation.messages.get(run_id=run.pk).error == "rate_limited"


@pytest.mark.parametrize("text", ["", "Half an ans"])
def test_a_stopped_answer_can_be_tried_again_until_something_is_said(
    page: Client, chat: Conversation, alice: User, noon: datetime, text: str
) -> None:
    end(chat, Result("cancelled", text), noon)
    html = shown(page, chat)
    assert "The answer of Ada was stopped." in html
    assert 'data-remedy="regenerate"' in html
    draft = Draft(text="Go on")
    messages.post(conversation=chat, by=factories.staff(alice), draft=draft, at=noon + LATER)
    assert "data-remedy" not in shown(page, chat)


@pytest.mark.parametrize(
    ("asker", "words"),
    [
        ("Ada", "Ada asked for a person; from a chat nobody is called."),
        ("Alice", "Ada is silent: somebody asked for the floor."),
    ],
)
def test_a_chat_that_waits_is_given_back(
    page: Client, chat: Conversation, alice: User, noon: datetime, asker: str, words: str
) -> None:
    by = factories.staff(alice) if asker == "Alice" else System(name=asker)
    handoff.join(floor=chat, by=by, at=noon)
    html = shown(page, chat)
    assert words in html
    assert 'data-remedy="release"' in html
    assert "Give back to the assistant" in html


def test_a_chat_that_a_colleague_has_is_given_back(
    page: Client, chat: Conversation, bob: User, noon: datetime
) -> None:
    handoff.take(floor=chat, by=factories.staff(bob), at=noon)
    html = shown(page, chat)
    assert "Bob has taken over from Ada." in html
    assert 'data-remedy="release"' in html


def test_a_chat_whose_assistant_is_off_is_switched_on(
    page: Client, chat: Conversation, alice: User, noon: datetime
) -> None:
    by = factories.staff(alice)
    conversations.set_switch(conversation=chat, switch=Switch.PAUSED, by=by, at=noon)
    html = shown(page, chat)
    assert "Ada is switched off here." in html
    assert 'data-remedy="active"' in html


def test_a_chat_that_goes_on_says_nothing(page: Client, chat: Conversation, noon: datetime) -> None:
    assert "data-remedy" not in shown(page, chat)
    run = begin(chat, noon)
    assert "data-remedy" not in shown(page, chat)
    endings.finish(run=run, result=Result("stop", "Hello!"), at=noon)
    assert "data-remedy" not in shown(page, chat)
