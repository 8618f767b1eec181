"""Listing conversations: GET /api/v1/conversations/."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from conversations.models import Conversation
from conversations.services import messages
from conversations.services.messages import Draft
from handoff import services as handoff
from tests import factories
from tests.api.clients import V1, refusal

pytestmark = pytest.mark.both_databases
LIST = f"{V1}/conversations/"


def many(count: int, noon: datetime) -> list[Conversation]:
    return [factories.conversation(at=noon - timedelta(minutes=n)) for n in range(count)]


def ids(response: object) -> list[str]:
    return [row["id"] for row in response.json()["results"]]  # type: ignore[attr-defined]


def test_lists_newest_activity_first(api: APIClient, noon: datetime) -> None:
    newest, middle, oldest = many(3, noon)

    assert ids(api.get(LIST)) == [str(row.pk) for row in (newest, middle, oldest)]


def test_shows_the_contract_s_object(
    api: APIClient, alice: User, waiting: Conversation, noon: datetime
) -> None:
    handoff.accept(floor=waiting, by=factories.staff(alice), at=noon)
    (row,) = api.get(LIST).json()["results"]

    assert row["owner"] == {"id": alice.pk, "name": "Alice"}
    assert row["control"] == "agent"
    assert row["contact"]["name"] == "Victor"
    assert row["source"]["kind"] == "api"
    assert row["assistant"]["name"] == "Ada"
    assert row["created_at"] == "2026-11-20T12:00:00.000Z"
    assert row == api.get(f"{LIST}{waiting.pk}/").json()


def test_counts_what_the_reader_has_not_read(
    api: APIClient, bobs: APIClient, alice: User, conversation: Conversation, noon: datetime
) -> None:
    key = factories.staff(alice)
    messages.customer_message(conversation=conversation, by=key, draft=Draft(text="Hi"), at=noon)
    conversation.read_states.create(user=alice, position=1, customer_count=1)

    assert api.get(LIST).json()["results"][0]["unread_count"] == 0
    assert bobs.get(LIST).json()["results"][0]["unread_count"] == 1


def test_pages_by_cursor_without_gaps(api: APIClient, noon: datetime) -> None:
    rows = [str(row.pk) for row in many(7, noon)]
    first = api.get(LIST, {"limit": 3})
    second = api.get(LIST, {"limit": 3, "cursor": first.json()["next"]})
    third = api.get(LIST, {"limit": 3, "cursor": second.json()["next"]})
    back = api.get(LIST, {"limit": 3, "cursor": second.json()["previous"]})

    assert ids(first) + ids(second) + ids(third) == rows
    assert (first.json()["previous"], third.json()["next"]) == (None, None)
    assert ids(back) == ids(first)


def test_costs_the_same_for_one_and_for_many(api: APIClient, noon: datetime) -> None:
    many(1, noon)
    with CaptureQueriesContext(
        connection,
    ) as one:
        api.get(LIST)
    many(20, noon)
    with CaptureQueriesContext(connection) as twenty:
        api.get(LIST)

    assert len(one) == len(twenty)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "transferred"}, True),
        ({"status": "active"}, True),
        ({"status": "open"}, False),
        ({"status": "closed"}, False),
        ({"handoff": "requested"}, True),
        ({"handoff": "agent"}, False),
        ({"switch": "active"}, True),
        ({"switch": "paused"}, False),
        ({"activity": "low"}, True),
        ({"activity": "high"}, False),
        ({"source": "api"}, True),
        ({"source": "web_widget"}, False),
        ({"owner": "none"}, True),
        ({"owner": "me"}, False),
        ({"search": "vict"}, True),
        ({"search": "victor@EXAMPLE"}, True),
        ({"search": "somebody"}, False),
        ({"after": "2026-11-20T00:00:00Z"}, True),
        ({"before": "2026-11-20T00:00:00Z"}, False),
        ({"status": ""}, True),
    ],
)
def test_filters(
    query: dict[str, str], *, expected: bool, api: APIClient, waiting: Conversation
) -> None:
    assert (ids(api.get(LIST, query)) == [str(waiting.pk)]) is expected


def test_filters_by_source_and_assistant(api: APIClient, conversation: Conversation) -> None:
    other = factories.conversation()

    assert ids(api.get(LIST, {"source": str(conversation.source_id)})) == [str(conversation.pk)]
    assert ids(api.get(LIST, {"assistant": str(other.assistant_id)})) == [str(other.pk)]


def test_days_are_those_of_the_reader_s_zone(
    api: APIClient, shop: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = datetime.fromisoformat("2026-11-20T22:30:00+00:00")
    monkeypatch.setattr("django.utils.timezone.now", lambda: night + timedelta(hours=1))
    late = factories.conversation(at=night)
    api.cookies["timezone"] = "Asia/Tokyo"  # where it is the 21st already
    early = factories.conversation(at=night - timedelta(hours=12))

    assert ids(api.get(LIST, {"period": "today"})) == [str(late.pk)]
    assert ids(api.get(LIST, {"period": "yesterday"})) == [str(early.pk)]
    assert ids(shop.get(LIST, {"period": "today"})) == [str(late.pk), str(early.pk)]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "nonsense"},
        {"handoff": "both"},
        {"switch": "off"},
        {"activity": "huge"},
        {"source": "carrier-pigeon"},
        {"assistant": "7"},
        {"period": "ever"},
        {"after": "soon"},
        {"after": "9999-12-31T23:59:59-23:59"},
        {"before": "0001-01-01T00:00:00+23:59"},
        {"owner": "you"},
        {"search": "a\0b"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "many"},
        {"cursor": "nonsense"},
    ],
)
def test_refuses_unknown_values(query: dict[str, str], api: APIClient) -> None:
    response = api.get(LIST, query)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == list(query)


def test_lists_one_contact_s_conversations(
    api: APIClient, conversation: Conversation, noon: datetime
) -> None:
    factories.conversation()
    other = factories.conversation(contact=conversation.contact, at=noon + timedelta(minutes=1))
    response = api.get(f"{V1}/contacts/{conversation.contact_id}/conversations/")

    assert ids(response) == [str(other.pk), str(conversation.pk)]
