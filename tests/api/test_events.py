"""What happened in a conversation: GET /api/v1/conversations/<id>/events/."""

import pytest
from rest_framework.test import APIClient

from conversations.models import Conversation
from tests.api.clients import V1, refusal, system


@pytest.fixture
def path(waiting: Conversation) -> str:
    return f"{V1}/conversations/{waiting.pk}/events/"


def test_gives_them_in_order_without_gaps(api: APIClient, path: str) -> None:
    rows = api.get(path).json()["results"]

    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["type"] == "conversation.created"
    assert "handoff.changed" in [row["type"] for row in rows]


def test_goes_on_from_where_one_was(api: APIClient, path: str) -> None:
    first = api.get(path, {"limit": 1}).json()
    rest = api.get(path, {"after": first["next"]}).json()["results"]

    assert rest[0]["seq"] == 2
    assert api.get(path, {"after": rest[-1]["seq"]}).json()["results"] == []


def test_is_the_feed_of_the_topic(api: APIClient, path: str, waiting: Conversation) -> None:
    feed = api.get(f"{V1}/events/", {"topic": waiting.topic})

    assert feed.json() == api.get(path).json()


def test_a_key_needs_to_read_conversations_for_the_feed(waiting: Conversation) -> None:
    client = system("events:read", "conversations:write")
    response = client.get(f"{V1}/events/", {"topic": waiting.topic})

    assert refusal(response) == (404, "not_found")


@pytest.mark.parametrize("query", [{"after": "x"}, {"after": "-1"}, {"limit": "1000"}])
def test_refuses_unknown_values(query: dict[str, str], api: APIClient, path: str) -> None:
    response = api.get(path, query)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == list(query)
