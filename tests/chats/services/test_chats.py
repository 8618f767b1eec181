"""Chats: the staff's own conversations with assistants."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User

from channels_layer.access.actors import Staff
from channels_layer.errors import InvalidError
from chats.services import chats
from conversations.models import Assistant, Conversation, Message, Source
from tests import factories
from tests.factories import NOON, AssistantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def begin(by: Staff, assistant: Assistant, text: str = "", at: datetime = NOON) -> Conversation:
    client_id = "a1" if text else None
    chat, _ = chats.start(by=by, assistant=assistant, text=text, client_id=client_id, at=at)
    return chat


@pytest.fixture
def by(alice: User) -> Staff:
    return factories.staff(alice)


@pytest.fixture
def ada(db: None) -> Assistant:
    return AssistantFactory.create()


def test_begins_without_a_message(by: Staff, ada: Assistant) -> None:
    chat = begin(by, ada)
    assert (chat.source.kind, chat.author, chat.assistant) == ("test_chat", by.user, ada)
    assert chat.contact is None


def test_begins_with_the_first_message(by: Staff, ada: Assistant) -> None:
    chat = begin(by, ada, "hello")
    message = Message.objects.get(conversation=chat)
    assert (message.author_kind, message.author_name) == ("customer", "Alice")
    assert chat.answer_due_at is not None


def test_begins_once_per_client_id(by: Staff, ada: Assistant) -> None:
    first = begin(by, ada, "hello")
    again = begin(by, ada, "hello")
    assert first == again
    assert Conversation.objects.count() == 1


def test_uses_one_source_for_all(by: Staff, ada: Assistant) -> None:
    begin(by, ada)
    begin(by, AssistantFactory.create(name="Grace"))
    assert Source.objects.filter(kind="test_chat").count() == 1


def test_renames(by: Staff, ada: Assistant) -> None:
    chat = begin(by, ada)
    chat = chats.rename(conversation=chat, title="  My \n chat ", at=NOON)
    assert (chat.title, chat.title_source) == ("My chat", "person")
    with pytest.raises(InvalidError):
        chats.rename(conversation=chat, title="  ", at=NOON)


def test_changes_the_assistant(by: Staff, ada: Assistant) -> None:
    chat = begin(by, ada)
    grace = AssistantFactory.create(name="Grace")
    assert chats.change_assistant(conversation=chat, assistant=grace, at=NOON).assistant == grace
