"""``/api/v1/tickets/``: raising, reading, changing, commenting, linking."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from channels_layer.models import Event
from conversations.models import Conversation
from tests import factories
from tests.api import clients
from tests.api.clients import V1, refusal
from tickets.models import Comment, Ticket

MOST_QUERIES = 8


def test_a_system_raises_one(shop: APIClient, conversation: Conversation, alice: User) -> None:
    response = shop.post(
        f"{V1}/tickets/",
        {
            "conversation": str(conversation.pk),
            "subject": "  Carrier\n damage ",
            "description": "See ORD-12345",
            "priority": "high",
            "assignee": alice.pk,
            "tags": ["VIP", "vip", "carrier"],
            "due_at": "2026-11-24T16:00:00Z",
        },
    )

    ticket = response.json()
    assert response.status_code == 201
    assert (ticket["number"], ticket["subject"], ticket["status"]) == (1, "Carrier damage", "open")
    assert (ticket["priority"], ticket["assignee"]) == ("high", {"id": alice.pk, "name": "Alice"})
    assert ticket["requester"]["name"] == "Victor"
    assert ticket["tags"] == ["vip", "carrier"]
    assert ticket["due_at"] == "2026-11-24T16:00:00.000Z"
    assert ticket["conversations"] == [str(conversation.pk)]
    assert ticket["created_by"]["kind"] == "key"
    listed = shop.get(f"{V1}/conversations/{conversation.pk}/tickets/").json()["results"]
    assert listed == [ticket]


def test_a_repeated_post_raises_one(shop: APIClient) -> None:
    body = {"subject": "Once"}
    headers = {"Idempotency-Key": "k1"}
    first = shop.post(f"{V1}/tickets/", body, headers=headers)
    again = shop.post(f"{V1}/tickets/", body, headers=headers)
    other = shop.post(f"{V1}/tickets/", {"subject": "Twice"}, headers=headers)

    assert first.json() == again.json()
    assert refusal(other) == (409, "idempotency_mismatch")
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""),
        ("subject", "   "),
        ("subject", "x" * 201),
        ("subject", 5),
        ("subject", "a\x00b"),
        ("description", "x" * 10_001),
        ("priority", "huge"),
        ("priority", 3),
        ("status", "done"),
        ("assignee", 999),
        ("assignee", "bob"),
        ("requester", str(UUID(int=7))),
        ("conversation", str(UUID(int=7))),
        ("conversation", "x"),
        ("tags", ["x" * 41]),
        ("tags", "vip"),
        ("due_at", "soon"),
        ("due_at", "1999-12-31T23:59:59Z"),
        ("due_at", "3000-01-01T00:00:00Z"),
        ("due_at", "9999-12-31T23:59:59Z"),
    ],
)
def test_what_is_malformed_is_refused_by_field(api: APIClient, field: str, value: Any) -> None:
    response = api.post(f"{V1}/tickets/", {"subject": "Lamp", field: value})

    assert refusal(response) == (400, "invalid")
    assert any(name.startswith(field) for name in response.json()["fields"])


def test_a_person_without_a_role_gets_no_ticket(api: APIClient, mallory: User) -> None:
    response = api.post(f"{V1}/tickets/", {"subject": "Lamp", "assignee": mallory.pk})

    assert refusal(response) == (400, "invalid")


def test_one_is_found_by_number_and_by_id(api: APIClient, ticket: Ticket) -> None:
    by_number = api.get(f"{V1}/tickets/{ticket.number}/").json()

    assert by_number == api.get(f"{V1}/tickets/{ticket.pk}/").json()
    for key in ("999", str(uuid4()), "nonsense", "0x1"):
        assert refusal(api.get(f"{V1}/tickets/{key}/")) == (404, "not_found")


def test_two_people_at_once(api: APIClient, bobs: APIClient, ticket: Ticket) -> None:
    seen = api.get(f"{V1}/tickets/{ticket.number}/").json()
    first = api.patch(
        f"{V1}/tickets/{ticket.number}/", {"status": "solved", "version": seen["version"]}
    )
    second = bobs.patch(
        f"{V1}/tickets/{ticket.number}/", {"status": "pending", "version": seen["version"]}
    )

    assert (first.status_code, first.json()["version"]) == (200, 2)
    assert refusal(second) == (409, "stale_version")
    body = second.json()
    assert [(row["field"], row["to"]) for row in body["changes"]] == [("status", "solved")]
    assert (body["version"], body["ticket"]["status"]) == (2, "solved")
    assert body["detail"].startswith("Alice changed this ticket")


def test_without_a_version_the_last_one_counts(api: APIClient, ticket: Ticket) -> None:
    path = f"{V1}/tickets/{ticket.number}/"
    api.patch(path, {"status": "solved"})

    assert api.patch(path, {"status": "open", "assignee": None}).json()["status"] == "open"


def test_comments(api: APIClient, shop: APIClient, ticket: Ticket) -> None:
    path = f"{V1}/tickets/{ticket.number}/comments/"
    first = api.post(path, {"text": "Only us", "kind": "internal", "client_id": "c1"})
    again = api.post(path, {"text": "Only us", "kind": "internal", "client_id": "c1"})
    shop.post(path, {"text": "Shipped", "kind": "public"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["author"]["name"] == "Alice"
    rows = api.get(path).json()["results"]
    assert [(row["text"], row["kind"]) for row in rows] == [
        ("Only us", "internal"),
        ("Shipped", "public"),
    ]
    assert rows[1]["message"] is not None
    assert Comment.objects.count() == 2


def test_tickets_are_no_way_around_the_scopes(ticket: Ticket) -> None:
    client = clients.system("tickets:write")
    body = {"text": "Hello customer", "kind": "public"}
    comment = client.post(f"{V1}/tickets/{ticket.number}/comments/", body).json()

    assert comment["message"] is None


@pytest.mark.parametrize("body", [{"text": ""}, {}, {"text": "x", "kind": "secret"}])
def test_malformed_comments(api: APIClient, ticket: Ticket, body: dict[str, str]) -> None:
    response = api.post(f"{V1}/tickets/{ticket.number}/comments/", body)

    assert refusal(response) == (400, "invalid")


def test_linking_is_published_on_both_sides(api: APIClient, ticket: Ticket) -> None:
    other = factories.conversation()
    path = f"{V1}/tickets/{ticket.number}"
    api.post(f"{path}/link", {"conversation": str(other.pk)})
    linked = api.post(f"{path}/link", {"conversation": str(other.pk)})
    assert linked.status_code == 200
    assert str(other.pk) in linked.json()["conversations"]
    assert Event.objects.filter(topic=ticket.topic, type="ticket.updated").count() == 1
    assert other.messages.get().text == "Alice linked ticket #1"

    unlinked = api.post(f"{path}/unlink", {"conversation": str(other.pk)}).json()
    assert str(other.pk) not in unlinked["conversations"]
    assert refusal(api.post(f"{path}/link", {"conversation": "x"})) == (400, "invalid")


def test_the_event_feed(shop: APIClient, ticket: Ticket) -> None:
    shop.post(f"{V1}/tickets/{ticket.number}/comments/", {"text": "Hello"})
    rows = shop.get(f"{V1}/events/", {"topic": ticket.topic}).json()["results"]

    assert [(row["seq"], row["type"]) for row in rows] == [
        (1, "ticket.created"),
        (2, "ticket.commented"),
    ]


def routes(ticket: Ticket, conversation: Conversation) -> list[tuple[str, str, str]]:
    one = f"tickets/{ticket.number}"
    return [
        ("get", "tickets/", "read"),
        ("post", "tickets/", "write"),
        ("get", f"{one}/", "read"),
        ("patch", f"{one}/", "write"),
        ("get", f"{one}/comments/", "read"),
        ("post", f"{one}/comments/", "write"),
        ("post", f"{one}/link", "write"),
        ("post", f"{one}/unlink", "write"),
        ("get", f"conversations/{conversation.pk}/tickets/", "read"),
        ("post", f"conversations/{conversation.pk}/ticket-proposal", "write"),
    ]


def test_who_gets_in(ticket: Ticket, conversation: Conversation, mallory: User) -> None:
    for method, path, verb in routes(ticket, conversation):
        other = "write" if verb == "read" else "read"
        for client, code in (
            (APIClient(), (401, "not_authenticated")),
            (clients.browser(mallory), (403, "forbidden")),
            (clients.system(f"tickets:{other}", name=path[:50]), (403, "forbidden")),
        ):
            assert refusal(getattr(client, method)(f"{V1}/{path}", {})) == code, path


def test_a_page_costs_the_same_however_full(
    shop: APIClient, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        shop.post(f"{V1}/tickets/", {"subject": f"Lamp {number}", "assignee": alice.pk})
    with django_assert_max_num_queries(MOST_QUERIES):
        rows = shop.get(f"{V1}/tickets/", {"search": "lamp", "status": "open"}).json()["results"]
    assert len(rows) == 12
