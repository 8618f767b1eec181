"""What an actor may read of one conversation is what it may read of many."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from channels_layer.access import keys
from channels_layer.access.actors import Actor, Key, System, Visitor
from conversations.models import Conversation
from tests import factories
from tests.factories import NOON, staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def conversations(conversation: Conversation, alice: User) -> list[Conversation]:
    """Return one of a customer, one of another, a chat of alice and one of a key."""
    others = factories.conversation()
    source = conversation.source
    times: dict[str, Any] = dict.fromkeys(("created_at", "changed_at", "last_message_at"), NOON)
    chat = Conversation.objects.create(
        source=source, author=alice, assistant=conversation.assistant, **times
    )
    key, _secret = keys.issue(name="Shop", scopes=["chats:write"], at=NOON)
    keyed = Conversation.objects.create(
        source=source, author_key=key, assistant=conversation.assistant, **times
    )
    return [conversation, others, chat, keyed]


@pytest.fixture
def actors(conversations: list[Conversation], alice: User) -> list[Actor]:
    """Return everybody who may ask."""
    first, others, _chat, keyed = conversations
    assert keyed.author_key
    reading, _secret = keys.issue(name="Reader", scopes=["conversations:read"], at=NOON)
    assert first.contact_id is not None
    assert others.contact_id is not None
    return [
        staff(alice),
        staff(factories.person("bob")),
        Key(keyed.author_key),
        Key(reading),
        Visitor(contact_id=first.contact_id, source_id=first.source_id),
        Visitor(contact_id=others.contact_id, source_id=first.source_id),
        Visitor(contact_id=first.contact_id, source_id=uuid4()),
        System(),
    ]


def test_one_is_visible_as_many_are(conversations: list[Conversation], actors: list[Actor]) -> None:
    visible = [[one.is_visible_to(actor) for one in conversations] for actor in actors]
    found = [set(Conversation.objects.visible_to(actor)) for actor in actors]
    assert visible == [[one in shown for one in conversations] for shown in found]
    assert [sum(row) for row in visible] == [4, 4, 0, 4, 1, 0, 0, 0]


def test_one_is_a_chat_as_many_are(conversations: list[Conversation], actors: list[Actor]) -> None:
    own = [[one.is_chat_of(actor) for one in conversations] for actor in actors]
    found = [set(Conversation.objects.chats_of(actor)) for actor in actors]
    assert own == [[one in shown for one in conversations] for shown in found]
    assert sum(map(sum, own)) == 2
