"""``Idempotency-Key`` on every POST there is: done once, answered alike."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from channels_layer.models import Event
from conversations.models import Conversation, Message
from handoff.models import Handoff
from tests import factories
from tests.api import clients
from tests.api.clients import V1

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _pause(settings: LazySettings) -> None:
    """Remove the pause between messages: a repetition is no second message."""
    settings.SEND_INTERVAL_SECONDS = 3


def post(client: APIClient, path: str, body: Any, key: str = "k1") -> Any:
    return client.post(f"{V1}/{path}", body, format="json", headers={"Idempotency-Key": key})


def traces() -> tuple[int, ...]:
    """Return what a second effect would show in."""
    models = (Message, Event, Conversation, Handoff)
    return tuple(model.objects.count() for model in models)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("messages/", {"text": "Hello"}, 201),
        ("messages/", {"text": "Psst", "kind": "note"}, 201),
        ("join", {}, 200),
        ("accept", {}, 409),
        ("release", {}, 200),
        ("end", {}, 200),
        ("reopen", {}, 409),
    ],
)
def test_a_person_s_post_is_done_once(
    api: APIClient, conversation: Conversation, path: str, body: Any, status: int
) -> None:
    where = f"conversations/{conversation.pk}/{path}"
    first = post(api, where, body)
    before = traces()
    again = post(api, where, body)
    assert (first.status_code, again.status_code) == (status, status)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert traces() == before
    other = post(api, where, {**body, "text": "Something else"})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")
    assert traces() == before


def test_a_system_s_post_is_done_once(shop: APIClient, conversation: Conversation) -> None:
    cases = {
        f"conversations/{conversation.pk}/customer-messages/": {"text": "Hello"},
        "conversations/": {"source": str(conversation.source_id), "text": "Hello"},
    }
    for number, (path, body) in enumerate(cases.items()):
        first = post(shop, path, body, f"k{number}")
        before = traces()
        again = post(shop, path, body, f"k{number}")
        assert first.status_code == again.status_code == 201, first.content
        assert again.json() == first.json()
        assert traces() == before


def test_a_chat_is_begun_once(api: APIClient, conversation: Conversation) -> None:
    factories.SourceFactory.create(kind="test_chat", assistant=conversation.assistant)
    body = {"assistant": str(conversation.assistant_id), "text": "Hello"}
    first, again = post(api, "chats/", body), post(api, "chats/", body)
    assert first.status_code == again.status_code == 201, first.content
    assert again.json() == first.json()


def test_keys_are_one_s_own(
    api: APIClient, bob: User, conversation: Conversation, settings: LazySettings
) -> None:
    settings.SEND_INTERVAL_SECONDS = 0
    where = f"conversations/{conversation.pk}/messages/"
    first = post(api, where, {"text": "Hello"})
    second = post(clients.browser(bob), where, {"text": "Hello"})
    assert first.status_code == second.status_code == 201
    assert first.json()["id"] != second.json()["id"]


def test_malformed_and_early_requests_may_be_tried_again(
    api: APIClient, conversation: Conversation, settings: LazySettings
) -> None:
    where = f"conversations/{conversation.pk}/messages/"
    assert post(api, where, {"text": ""}).status_code == 400
    assert post(api, where, {"text": "Hello"}).status_code == 201
    assert post(api, where, {"text": "Again"}, "k2").status_code == 429
    settings.SEND_INTERVAL_SECONDS = 0
    assert post(api, where, {"text": "Again"}, "k2").status_code == 201
    assert post(api, where, {"text": "x"}, "ü").status_code == 400
    assert post(api, where, {"text": "x"}, "k" * 256).status_code == 400


MANY = b"".join(
    b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(1001)
)


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k1"}])
@pytest.mark.parametrize("body", [b"", b"--x\r\nrubbish", MANY + b"--x--"])
@pytest.mark.parametrize("form", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_form_that_cannot_be_read_is_refused_like_all_else(
    form: str, body: bytes, headers: dict[str, str], api: APIClient
) -> None:
    response = api.post(f"{V1}/attachments/", body, content_type=form, headers=headers)
    assert clients.refusal(response) == (400, "invalid")
