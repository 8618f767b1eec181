"""Saying something as staff or as a system: POST /api/v1/conversations/<id>/messages/."""

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from channels_layer.ids import new_id
from conversations.models import Conversation, Message
from handoff import services as handoff
from handoff.models import Control
from tests import factories
from tests.api.clients import V1, key_and_client, refusal

pytestmark = pytest.mark.both_databases


def path(conversation: Conversation) -> str:
    return f"{V1}/conversations/{conversation.pk}/messages/"


def test_a_person_s_message_takes_the_floor(
    api: APIClient, alice: User, conversation: Conversation
) -> None:
    response = api.post(path(conversation), {"text": "Hi, Alice here.", "client_id": "a"})

    assert response.status_code == 201
    message = response.json()
    assert message["author"] == {
        "kind": "agent",
        "id": str(alice.pk),
        "name": "Alice",
        "avatar": None,
    }
    assert (message["kind"], message["status"]) == ("message", "sent")
    conversation.refresh_from_db()
    assert (conversation.control, conversation.owner) == (Control.AGENT, alice)


def test_text_stays_as_it_was_written(api: APIClient, conversation: Conversation) -> None:
    text = "  # Hëllo 👋\n\n```\n x\n```\n "
    response = api.post(path(conversation), {"text": text})

    assert response.json()["text"] == text


def test_the_same_client_id_writes_once(api: APIClient, conversation: Conversation) -> None:
    first = api.post(path(conversation), {"text": "Hi", "client_id": "a"})
    again = api.post(path(conversation), {"text": "Hi", "client_id": "a"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_two_persons_may_use_the_same_client_id(
    api: APIClient, bobs: APIClient, conversation: Conversation
) -> None:
    for client in (api, bobs):
        assert client.post(path(conversation), {"text": "Hi", "client_id": "a"}).status_code == 201


def test_one_message_per_three_seconds(api: APIClient, conversation: Conversation) -> None:
    api.post(path(conversation), {"text": "Hi"})
    response = api.post(path(conversation), {"text": "Hi again"})

    assert refusal(response) == (429, "too_fast")
    assert 0 < response.json()["retry_after"] <= 3
    assert response["Retry-After"] in {"1", "2", "3"}


def test_notes_are_not_held_back_and_take_nothing(
    api: APIClient, conversation: Conversation
) -> None:
    for _ in range(2):
        response = api.post(path(conversation), {"text": "Careful", "kind": "note"})
        assert response.status_code == 201
        assert response.json()["is_public"] is False
    conversation.refresh_from_db()
    assert conversation.control == Control.AI


def test_a_key_writes_as_a_system(conversation: Conversation) -> None:
    key, client = key_and_client("conversations:write", name="Warehouse")
    client.post(path(conversation), {"text": "Packed."})
    response = client.post(path(conversation), {"text": "Shipped."})

    assert response.status_code == 201
    assert response.json()["author"] == {
        "kind": "system",
        "id": str(key.key.pk),
        "name": "Warehouse",
        "avatar": None,
    }
    conversation.refresh_from_db()
    assert conversation.control == Control.AI


def test_replies_to_a_message_of_the_conversation(
    shop: APIClient, conversation: Conversation
) -> None:
    first = shop.post(path(conversation), {"text": "One"}).json()
    reply = shop.post(path(conversation), {"text": "Two", "reply_to": first["id"]})

    assert reply.json()["reply_to"] == first["id"]


def test_refuses_to_reply_to_another_conversation(
    shop: APIClient, conversation: Conversation
) -> None:
    elsewhere = shop.post(path(factories.conversation()), {"text": "One"}).json()
    for identifier in (elsewhere["id"], str(new_id()), "nonsense"):
        response = shop.post(path(conversation), {"text": "Two", "reply_to": identifier})
        assert refusal(response) == (400, "invalid")
        assert list(response.json()["fields"]) == ["reply_to"]
    assert not Message.objects.filter(conversation=conversation).exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": None}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"text": "é" * 10_001}, "text"),
        ({"text": "Hi", "kind": "system"}, "kind"),
        ({"text": "Hi", "client_id": "x" * 101}, "client_id"),
        ({"text": "Hi", "client_id": "a\0"}, "client_id"),
        ({"text": "Hi", "attachments": [str(new_id())]}, "attachments"),
        ({"text": "Hi", "attachments": "none"}, "attachments"),
    ],
)
def test_refuses_what_is_malformed(
    body: dict[str, object], field: str, api: APIClient, conversation: Conversation
) -> None:
    response = api.post(path(conversation), body)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == [field]


def test_takes_ten_thousand_code_points(shop: APIClient, conversation: Conversation) -> None:
    response = shop.post(path(conversation), {"text": "👋" * 10_000, "attachments": []})

    assert response.status_code == 201


def test_refuses_an_ended_conversation(
    api: APIClient, alice: User, conversation: Conversation
) -> None:
    handoff.end(floor=conversation, by=factories.staff(alice), at=factories.NOON)

    assert refusal(api.post(path(conversation), {"text": "Hi"})) == (409, "ended")
