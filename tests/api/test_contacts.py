"""The customers: /api/v1/contacts/."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from channels_layer.ids import new_id
from conversations.models import Conversation
from tests.api.clients import V1, refusal
from tests.factories import ContactFactory, IdentityFactory

pytestmark = pytest.mark.both_databases
LIST = f"{V1}/contacts/"


def names(response: object) -> list[str]:
    return [row["name"] for row in response.json()["results"]]  # type: ignore[attr-defined]


def test_lists_newest_first_by_pages(api: APIClient, noon: datetime) -> None:
    for n in range(3):
        ContactFactory.create(name=f"Contact {n}", created_at=noon + timedelta(minutes=n))
    first = api.get(LIST, {"limit": 2})
    second = api.get(LIST, {"limit": 2, "cursor": first.json()["next"]})

    assert names(first) + names(second) == ["Contact 2", "Contact 1", "Contact 0"]


def test_a_list_with_one_order_knows_no_parameter_for_it(api: APIClient) -> None:
    ContactFactory.create(name="Maya")
    assert names(api.get(LIST, {"order": "name"})) == ["Maya"]


def test_shows_under_which_ids_it_is_known(api: APIClient) -> None:
    identity = IdentityFactory.create(external_id="c-1")
    (row,) = api.get(LIST).json()["results"]

    assert row["identities"] == [
        {
            "source": {"id": str(identity.source_id), "kind": "api", "name": "api"},
            "external_id": "c-1",
            "verified": False,
        }
    ]
    assert row["blocked"] is False
    assert row == api.get(f"{LIST}{identity.contact_id}/").json()


@pytest.mark.parametrize("search", ["maya", "LINDQ", "+4670", "shop-77", "maya@"])
def test_finds(search: str, api: APIClient) -> None:
    IdentityFactory.create(
        contact__name="Maya Lindqvist",
        contact__email="maya@example.com",
        contact__phone="+46703184402",
        external_id="shop-77",
    )
    ContactFactory.create(name="Elif")

    assert names(api.get(LIST, {"search": search})) == ["Maya Lindqvist"]


def test_costs_the_same_for_one_and_for_many(api: APIClient) -> None:
    IdentityFactory.create()
    with CaptureQueriesContext(connection) as one:
        api.get(LIST)
    for _ in range(10):
        IdentityFactory.create()
    with CaptureQueriesContext(connection) as eleven:
        api.get(LIST)

    assert len(one) == len(eleven)


def test_changes_show_in_the_inbox(api: APIClient, conversation: Conversation) -> None:
    response = api.patch(f"{LIST}{conversation.contact_id}/", {"name": "Viktor", "phone": ""})

    assert (response.status_code, response.json()["name"]) == (200, "Viktor")
    assert response.json()["email"] == "victor@example.com"
    found = api.get(f"{V1}/conversations/", {"search": "viktor"}).json()["results"]
    assert found[0]["contact"]["name"] == "Viktor"


@pytest.mark.parametrize("move", ["release", "end"])
def test_blocks_in_every_conversation(
    move: str, api: APIClient, conversation: Conversation
) -> None:
    api.post(f"/api/v1/conversations/{conversation.pk}/{move}")
    path = f"{LIST}{conversation.contact_id}"
    assert api.post(f"{path}/block").json()["blocked"] is True
    conversation.refresh_from_db()
    assert conversation.switch == "blocked"

    assert api.post(f"{path}/unblock").json()["blocked"] is False
    conversation.refresh_from_db()
    assert conversation.switch == "active"


@pytest.mark.parametrize(
    ("body", "field"),
    [({"email": "x"}, "email"), ({"name": "x" * 201}, "name"), ({"phone": "a\0"}, "phone")],
)
def test_refuses_what_is_malformed(
    body: dict[str, str], field: str, api: APIClient, conversation: Conversation
) -> None:
    response = api.patch(f"{LIST}{conversation.contact_id}/", body)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == [field]


@pytest.mark.parametrize("query", [{"search": "a\0"}, {"cursor": "x"}, {"limit": "0"}])
def test_refuses_unknown_values(query: dict[str, str], api: APIClient) -> None:
    response = api.get(LIST, query)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == list(query)


@pytest.mark.parametrize("path", ["", "block", "unblock", "conversations/"])
def test_hides_what_does_not_exist(path: str, api: APIClient) -> None:
    method = api.get if path in {"", "conversations/"} else api.post
    assert refusal(method(f"{LIST}{new_id()}/{path}")) == (404, "not_found")
