"""Quoting: what a message may answer, and what of it the customer learns."""

from datetime import datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from channels_layer.access.actors import System
from channels_layer.errors import InvalidError
from channels_layer.log import events
from channels_layer.models import Event
from conversations.models import Conversation, Message
from conversations.objects.message import stored_message
from conversations.services import messages, thread
from conversations.services.messages import Draft
from conversations.sources.widget import objects
from tests import factories
from tests.api import clients
from tests.api.clients import V1, refusal
from tests.factories import staff

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _no_pause(settings: LazySettings) -> None:
    settings.SEND_INTERVAL_SECONDS = 0


@pytest.fixture
def note(conversation: Conversation, alice: User, noon: datetime) -> Message:
    """What Alice noted about Victor."""
    draft = Draft(text="He is difficult", kind=Message.Kind.NOTE)
    return messages.post(conversation=conversation, by=staff(alice), draft=draft, at=noon)[0]


def quoting(note: Message, at: datetime) -> Message:
    """Return a public message that quotes a note, as earlier releases stored one."""
    conversation = note.conversation.locked()
    author = thread.author_of(System(name="Shop"))
    message = thread.append(conversation, thread.Entry(author=author, text="Hello"), at=at)
    Message.objects.filter(pk=message.pk).update(reply_to=note)
    return Message.objects.get(pk=message.pk)


@pytest.mark.parametrize("path", ["messages/", "customer-messages/"])
def test_nothing_that_is_public_quotes_a_note(note: Message, path: str) -> None:
    url = f"{V1}/conversations/{note.conversation_id}/{path}"

    response = clients.system().post(url, {"text": "Yes", "reply_to": str(note.pk)})

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == ["reply_to"]
    assert Message.objects.count() == 1


def test_nobody_quotes_a_note_in_their_own_chat(alice: User, noon: datetime) -> None:
    chat = factories.conversation(kind="test_chat")
    Conversation.objects.filter(pk=chat.pk).update(contact=None, author=alice)
    chat.refresh_from_db()
    draft = Draft(text="Slow", kind=Message.Kind.NOTE)
    note, _ = messages.post(conversation=chat, by=staff(alice), draft=draft, at=noon)

    draft = Draft(text="Why?", reply_to=note.pk)
    with pytest.raises(InvalidError) as refused:
        messages.post(conversation=chat, by=staff(alice), draft=draft, at=noon)

    assert list(refused.value.fields) == ["reply_to"]


def test_a_system_line_that_is_internal_is_not_quoted(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    line = messages.system_line(conversation.locked(), "Blocked", is_public=False, at=noon)

    draft = Draft(text="Hello", reply_to=line.pk)
    with pytest.raises(InvalidError):
        messages.post(conversation=conversation, by=staff(alice), draft=draft, at=noon)


def test_a_note_may_quote_a_note(note: Message, alice: User, noon: datetime) -> None:
    draft = Draft(text="Not at all", kind=Message.Kind.NOTE, reply_to=note.pk)

    answer, _ = messages.post(conversation=note.conversation, by=staff(alice), draft=draft, at=noon)

    assert answer.quoted == note
    assert stored_message(answer, [])["reply_to"] == str(note.pk)


def test_a_note_that_was_quoted_earlier_has_no_id_for_its_customer(
    note: Message, noon: datetime
) -> None:
    message = quoting(note, noon)

    shown = objects.message_object(message)
    thread.revise(note.conversation.locked(), message, at=noon)

    assert shown["text"] == "Hello"
    assert str(note.pk) not in str(shown)
    assert str(note.pk) not in str(Event.objects.get(type="message.updated").data)


@pytest.mark.parametrize("kind", [Message.Kind.NOTE, Message.Kind.MESSAGE])
def test_stored_events_name_a_quoted_message_only_if_it_is_public(
    note: Message, noon: datetime, kind: Message.Kind
) -> None:
    first, second = quoting(note, noon), quoting(note, noon)
    quoted = note if kind == Message.Kind.NOTE else first
    expected = None if kind == Message.Kind.NOTE else str(first.pk)
    data: dict[str, Any] = {**stored_message(second, []), "reply_to": str(quoted.pk)}
    topic = note.conversation.topic
    seq = events.publish(topic=topic, type="message.created", data=data, at=noon)

    replayed = events.replay(topic, after=seq - 1, limit=1, audience="visitor")

    assert replayed
    assert replayed[0][1]["data"]["reply_to"] == expected
