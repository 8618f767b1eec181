"""What a customer said elsewhere: POST /api/v1/conversations/<id>/customer-messages/."""

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from conversations.models import Conversation
from handoff import services as handoff
from tests import factories
from tests.api.clients import V1, refusal

pytestmark = pytest.mark.both_databases


def path(conversation: Conversation) -> str:
    return f"{V1}/conversations/{conversation.pk}/customer-messages/"


def test_the_assistant_is_to_answer(shop: APIClient, conversation: Conversation) -> None:
    response = shop.post(path(conversation), {"text": "Where is my lamp?", "client_id": "1"})

    assert response.status_code == 201
    assert response.json()["author"]["kind"] == "customer"
    assert response.json()["author"]["id"] == str(conversation.contact_id)
    conversation.refresh_from_db()
    assert conversation.answer_due_at is not None


def test_the_same_client_id_writes_once(shop: APIClient, conversation: Conversation) -> None:
    first = shop.post(path(conversation), {"text": "Hi", "client_id": "1"})
    again = shop.post(path(conversation), {"text": "Hi", "client_id": "1"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


def test_is_not_held_to_the_interval(shop: APIClient, conversation: Conversation) -> None:
    for text in ("One", "Two", "Three"):
        assert shop.post(path(conversation), {"text": text}).status_code == 201


def test_reopens_an_ended_conversation(
    shop: APIClient, alice: User, conversation: Conversation
) -> None:
    handoff.end(floor=conversation, by=factories.staff(alice), at=factories.NOON)
    assert shop.post(path(conversation), {"text": "One more thing"}).status_code == 201

    conversation.refresh_from_db()
    assert not conversation.is_ended


def test_people_do_not_speak_as_the_customer(api: APIClient, conversation: Conversation) -> None:
    response = api.post(path(conversation), {"text": "Hi"})

    assert refusal(response) == (403, "key_required")


@pytest.mark.parametrize("kind", ["web_widget", "test_chat"])
def test_refuses_other_sources(kind: str, shop: APIClient) -> None:
    conversation = factories.conversation(kind=kind)

    assert refusal(shop.post(path(conversation), {"text": "Hi"})) == (422, "refused")


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "Hi", "attachments": ["x"]}])
def test_refuses_what_is_malformed(
    body: dict[str, object], shop: APIClient, conversation: Conversation
) -> None:
    assert refusal(shop.post(path(conversation), body)) == (400, "invalid")
