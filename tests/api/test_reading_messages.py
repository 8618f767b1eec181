"""Reading a thread: GET /api/v1/conversations/<id>/messages/."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from channels_layer.access.actors import System
from channels_layer.ids import new_id
from conversations.models import Conversation
from conversations.services import messages
from conversations.services.messages import Draft
from tests.api.clients import V1, refusal


def write(conversation: Conversation, count: int, at: datetime) -> None:
    for n in range(count):
        messages.post(
            conversation=conversation,
            by=System(),
            draft=Draft(text=f"Message {n + 1}"),
            at=at + timedelta(seconds=n),
        )


def path(conversation: Conversation) -> str:
    return f"{V1}/conversations/{conversation.pk}/messages/"


def positions(response: object) -> list[int]:
    return [row["position"] for row in response.json()["results"]]  # type: ignore[attr-defined]


@pytest.fixture
def long(conversation: Conversation, noon: datetime) -> Conversation:
    """Sixty messages."""
    write(conversation, 60, noon)
    return conversation


def test_gives_the_newest_page_in_order(api: APIClient, long: Conversation) -> None:
    response = api.get(path(long))

    assert positions(response) == list(range(11, 61))
    assert response.json()["next"] is None


def test_gives_what_lies_before_and_after(api: APIClient, long: Conversation) -> None:
    assert positions(api.get(path(long), {"before": 11})) == list(range(1, 11))
    assert positions(api.get(path(long), {"after": 58})) == [59, 60]
    assert positions(api.get(path(long), {"after": 0, "limit": 3})) == [1, 2, 3]
    assert positions(api.get(path(long), {"after": 5, "before": 8})) == [6, 7]
    assert positions(api.get(path(long), {"after": 60})) == []
    assert positions(api.get(path(long), {"before": 1})) == []


def test_pages_by_cursor(api: APIClient, long: Conversation) -> None:
    newest = api.get(path(long), {"limit": 40})
    older = api.get(path(long), {"limit": 40, "cursor": newest.json()["previous"]})
    newer = api.get(path(long), {"limit": 40, "cursor": older.json()["next"]})

    assert positions(older) + positions(newest) == list(range(1, 61))
    assert older.json()["previous"] is None
    assert positions(newer) == positions(newest)


def test_costs_the_same_for_one_and_for_many(
    api: APIClient, conversation: Conversation, noon: datetime
) -> None:
    write(conversation, 1, noon)
    with CaptureQueriesContext(connection) as one:
        api.get(path(conversation))
    write(conversation, 20, noon)
    with CaptureQueriesContext(connection) as twenty:
        api.get(path(conversation))

    assert len(one) == len(twenty)


@pytest.mark.parametrize(
    "query",
    [
        {"before": "x"},
        {"after": "-1"},
        {"before": "99999999999"},
        {"limit": "0"},
        {"limit": "101"},
        {"cursor": "before.x"},
        {"cursor": "before.\u0663"},
        {"cursor": "nonsense"},
    ],
)
def test_refuses_unknown_values(
    query: dict[str, str], api: APIClient, conversation: Conversation
) -> None:
    response = api.get(path(conversation), query)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == list(query)


def test_hides_what_does_not_exist(api: APIClient, alice: User) -> None:
    assert refusal(api.get(f"{V1}/conversations/{new_id()}/messages/")) == (404, "not_found")
