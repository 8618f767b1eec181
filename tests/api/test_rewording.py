"""Editing a question and answering it anew: PATCH /api/v1/chats/<id>/messages/<message>/."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from chats.services import chats, endings, openings
from chats.services.endings import Result
from conversations.models import Conversation, Message
from conversations.selectors import messages as selectors
from tests.api.clients import V1
from tests.factories import AssistantFactory, SourceFactory, staff
from tests.queries import conversation_writes

pytestmark = pytest.mark.both_databases


@pytest.fixture
def chat(alice: User, noon: datetime) -> Conversation:
    """Alice's chat with Ada, who has answered."""
    assistant = AssistantFactory.create()
    SourceFactory.create(kind="test_chat", assistant=assistant)
    chat, _ = chats.start(assistant=assistant, text="Hi", by=staff(alice), at=noon)
    answer(chat, noon, "Hello!")
    return chat


def answer(chat: Conversation, at: datetime, text: str) -> None:
    chat.refresh_from_db()
    run = openings.next_run(conversation_id=chat.pk, at=chat.answer_due_at or at).run
    assert run is not None
    endings.finish(run=run, result=Result("stop", text), at=at)


def reword(client: APIClient, message: Message, text: str) -> tuple[int, str]:
    path = f"{V1}/chats/{message.conversation_id}/messages/{message.pk}/"
    response = client.patch(path, {"text": text})
    body = response.json()
    return response.status_code, body.get("code") or body["text"]


def test_asks_in_other_words(api: APIClient, chat: Conversation, noon: datetime) -> None:
    question = Message.objects.get(conversation=chat, author_kind="customer")

    with conversation_writes() as writes:
        assert reword(api, question, "Good evening") == (200, "Good evening")

    assert len(writes) == 1
    answer(chat, noon, "Good evening to you!")
    history = [message.text for message in selectors.history(chat)]
    assert history == ["Good evening", "Good evening to you!"]
    question.refresh_from_db()
    assert question.edited_at is not None


def test_changes_the_newest_question_alone(api: APIClient, chat: Conversation) -> None:
    said = Message.objects.get(conversation=chat, author_kind="assistant")

    assert reword(api, said, "I said nothing") == (409, "not_newest")


def test_waits_for_the_answer_in_flight(api: APIClient, chat: Conversation, noon: datetime) -> None:
    question = Message.objects.get(conversation=chat, author_kind="customer")
    reword(api, question, "One")
    chat.refresh_from_db()
    assert openings.next_run(conversation_id=chat.pk, at=chat.answer_due_at or noon).run

    assert reword(api, question, "Two") == (409, "still_running")


def test_is_the_owner_s_alone(bobs: APIClient, chat: Conversation) -> None:
    question = Message.objects.get(conversation=chat, author_kind="customer")

    assert reword(bobs, question, "Mine now") == (404, "not_found")


def test_refuses_no_text(api: APIClient, chat: Conversation) -> None:
    question = Message.objects.get(conversation=chat, author_kind="customer")

    assert reword(api, question, "") == (400, "invalid")
