"""One's own chats with assistants: /api/v1/chats/."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.test import APIClient

from channels_layer.ids import new_id
from conversations.models import Assistant, Conversation, Message
from tests.api.clients import V1, refusal, system
from tests.factories import AssistantFactory

pytestmark = pytest.mark.both_databases
LIST = f"{V1}/chats/"


@pytest.fixture
def ada(db: None) -> Assistant:
    """Return an assistant to talk with."""
    return AssistantFactory.create()


def begin(client: APIClient, assistant: Assistant, **body: str) -> dict[str, object]:
    response = client.post(LIST, {"assistant": str(assistant.pk), **body})
    assert response.status_code == 201, response.content
    found: dict[str, object] = response.json()
    return found


def test_begins_with_the_first_message(api: APIClient, alice: User, ada: Assistant) -> None:
    chat = begin(api, ada, text="Hello Ada", client_id="a")

    assert chat["id"] == chat["conversation"]
    assert chat["assistant"] == {"id": str(ada.pk), "name": "Ada", "avatar": None}
    assert (chat["title"], chat["message_count"]) == ("", 1)
    conversation = Conversation.objects.get(pk=str(chat["id"]))
    assert (conversation.author, conversation.source.kind) == (alice, "test_chat")
    assert conversation.answer_due_at is not None
    (message,) = api.get(f"{V1}/conversations/{chat['id']}/messages/").json()["results"]
    assert (message["author"]["kind"], message["author"]["name"]) == ("customer", "Alice")


def test_the_same_client_id_begins_one(api: APIClient, ada: Assistant) -> None:
    first = begin(api, ada, text="Hello Ada", client_id="a")
    again = api.post(LIST, {"assistant": str(ada.pk), "text": "Hello Ada", "client_id": "a"})

    assert (again.status_code, again.json()) == (200, first)


def test_the_client_id_of_a_later_message_begins_another(
    api: APIClient, ada: Assistant, settings: Settings
) -> None:
    settings.SEND_INTERVAL_SECONDS = 0
    first = begin(api, ada)
    for client_id in ("b", "c"):
        said = {"text": "And now?", "client_id": client_id}
        assert api.post(f"{LIST}{first['id']}/messages/", said).status_code == 201

    for client_id in ("b", "c"):
        assert begin(api, ada, text="Hello Ada", client_id=client_id)["id"] != first["id"]


def test_the_owner_goes_on_as_the_customer(
    api: APIClient, ada: Assistant, settings: object
) -> None:
    settings.SEND_INTERVAL_SECONDS = 0  # type: ignore[attr-defined]
    chat = begin(api, ada)
    response = api.post(f"{V1}/conversations/{chat['id']}/messages/", {"text": "And now?"})

    assert response.json()["author"]["kind"] == "customer"
    conversation = Conversation.objects.get(pk=str(chat["id"]))
    assert (conversation.control, conversation.owner) == ("ai", None)


def test_everybody_lists_their_own(api: APIClient, bobs: APIClient, ada: Assistant) -> None:
    chat = begin(api, ada, text="How do refunds work?")
    begin(bobs, ada)

    assert [row["id"] for row in api.get(LIST).json()["results"]] == [chat["id"]]
    assert len(api.get(LIST, {"search": "refund"}).json()["results"]) == 1
    assert api.get(LIST, {"search": "somebody"}).json()["results"] == []
    for method, path in (("get", ""), ("patch", ""), ("delete", "")):
        response = getattr(bobs, method)(f"{LIST}{chat['id']}/{path}", {})
        assert refusal(response) == (404, "not_found")
    assert bobs.get(f"{V1}/conversations/{chat['id']}/").status_code == 200


def test_costs_the_same_for_one_and_for_many(api: APIClient, ada: Assistant) -> None:
    begin(api, ada)
    with CaptureQueriesContext(connection) as one:
        api.get(LIST)
    for _ in range(10):
        begin(api, ada)
    with CaptureQueriesContext(connection) as eleven:
        api.get(LIST)

    assert len(one) == len(eleven)


def test_changes_title_and_assistant(api: APIClient, ada: Assistant) -> None:
    kit = AssistantFactory.create(name="Kit")
    path = f"{LIST}{begin(api, ada)['id']}/"
    response = api.patch(path, {"title": " Refund  wording ", "assistant": str(kit.pk)})

    assert response.status_code == 200
    assert (response.json()["title"], response.json()["assistant"]["name"]) == (
        "Refund wording",
        "Kit",
    )
    assert api.get(path).json() == response.json()


def test_deletes_all_of_it(api: APIClient, ada: Assistant) -> None:
    path = f"{LIST}{begin(api, ada, text='Hello')['id']}/"

    assert api.delete(path).status_code == 204
    assert refusal(api.get(path)) == (404, "not_found")
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "assistant"),
        ({"assistant": "x"}, "assistant"),
        ({"assistant": str(new_id())}, "assistant"),
        ({"assistant": "…", "text": ""}, "text"),
        ({"assistant": "…", "text": "x" * 10_001}, "text"),
        ({"assistant": "…", "text": "Hi", "client_id": "x" * 101}, "client_id"),
        ({"assistant": "…", "client_id": "a"}, "client_id"),
    ],
)
def test_refuses_what_is_malformed(
    body: dict[str, str], field: str, api: APIClient, ada: Assistant
) -> None:
    given = body | ({"assistant": str(ada.pk)} if body.get("assistant") == "…" else {})
    response = api.post(LIST, given)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == [field]


def test_refuses_an_assistant_that_is_switched_off(api: APIClient) -> None:
    off = AssistantFactory.create(is_active=False)

    assert refusal(api.post(LIST, {"assistant": str(off.pk)})) == (400, "invalid")


def test_refuses_an_empty_title(api: APIClient, ada: Assistant) -> None:
    response = api.patch(f"{LIST}{begin(api, ada)['id']}/", {"title": "  "})

    assert refusal(response) == (400, "invalid")


def test_a_key_has_chats_of_its_own(api: APIClient, ada: Assistant, noon: datetime) -> None:
    client = system("chats:read", "chats:write")
    begin(api, ada)
    chat = begin(client, ada, text="Hello")

    assert [row["id"] for row in client.get(LIST).json()["results"]] == [chat["id"]]
    assert client.delete(f"{LIST}{chat['id']}/").status_code == 204


def test_refuses_strangers(anonymous: APIClient, strangers: APIClient) -> None:
    for path in ("chats/", f"chats/{new_id()}/"):
        assert refusal(anonymous.get(f"{V1}/{path}")) == (401, "not_authenticated")
        assert refusal(strangers.get(f"{V1}/{path}")) == (403, "forbidden")
        assert refusal(system("chats:write").get(f"{V1}/{path}")) == (403, "forbidden")


def test_messages_are_the_conversations(api: APIClient, ada: Assistant) -> None:
    chat = begin(api, ada, text="Hello Ada")

    mine = api.get(f"{LIST}{chat['id']}/messages/")

    assert mine.status_code == 200
    assert mine.json() == api.get(f"{V1}/conversations/{chat['id']}/messages/").json()
    assert [message["text"] for message in mine.json()["results"]] == ["Hello Ada"]


def test_messages_are_written_as_the_conversations(
    api: APIClient, ada: Assistant, settings: object
) -> None:
    settings.SEND_INTERVAL_SECONDS = 0  # type: ignore[attr-defined]
    chat = begin(api, ada)

    written = api.post(f"{LIST}{chat['id']}/messages/", {"text": "And now?", "client_id": "a"})
    again = api.post(f"{LIST}{chat['id']}/messages/", {"text": "And now?", "client_id": "a"})

    assert (written.status_code, again.status_code) == (201, 200)
    assert written.json()["author"]["kind"] == "customer"


def test_messages_of_anothers_chat_do_not_exist(
    api: APIClient, bobs: APIClient, ada: Assistant, conversation: Conversation
) -> None:
    chat = begin(api, ada, text="Hello Ada")

    for client, identifier in ((bobs, chat["id"]), (api, conversation.pk)):
        path = f"{LIST}{identifier}/messages/"
        assert refusal(client.get(path)) == (404, "not_found")
        assert refusal(client.post(path, {"text": "x"})) == (404, "not_found")
    assert refusal(system("conversations:read").get(f"{LIST}{chat['id']}/messages/"))[0] == 403
