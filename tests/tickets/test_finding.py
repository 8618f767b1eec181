"""Finding tickets: filters, search and orders, page after page."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from conversations.models import Contact
from tests.api.clients import V1, refusal
from tests.factories import ContactFactory, staff
from tickets.models import Priority, Status, Ticket
from tickets.services import tickets
from tickets.services.tickets import Draft, Seen

pytestmark = pytest.mark.both_databases


@pytest.fixture
def maya(db: None) -> Contact:
    return ContactFactory.create(name="Maya Lindqvist", email="maya@lindqvist.example")


@pytest.fixture
def several(alice: User, bob: User, maya: Contact, noon: datetime) -> dict[str, Ticket]:
    """Five tickets, each changed a minute after the one before."""
    drafts = {
        "claim": Draft(
            subject="Carrier damage claim", requester=maya, assignee=bob, priority=Priority.HIGH
        ),
        "invoice": Draft(subject="Invoice without VAT number", assignee=alice, tags=["vip"]),
        "zipper": Draft(
            subject="Zipper broken",
            description="Weekend bag, ORD-12345",
            priority=Priority.URGENT,
            due_at=noon - timedelta(hours=2),
        ),
        "solved": Draft(subject="Price match", status=Status.SOLVED, assignee=bob),
        "closed": Draft(
            subject="Assembly manual", status=Status.CLOSED, due_at=noon + timedelta(days=3)
        ),
    }
    return {
        name: tickets.create(draft=draft, by=staff(alice), at=noon + timedelta(minutes=minute))
        for minute, (name, draft) in enumerate(drafts.items())
    }


def found(client: APIClient, several: dict[str, Ticket], **query: Any) -> list[str]:
    response = client.get(f"{V1}/tickets/", query)
    assert response.status_code == 200, response.content
    names = {str(ticket.pk): name for name, ticket in several.items()}
    return [names[row["id"]] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["closed", "solved", "zipper", "invoice", "claim"]),
        ({"status": "open"}, ["zipper", "invoice", "claim"]),
        ({"status": "open,pending"}, ["zipper", "invoice", "claim"]),
        ({"status": "solved,closed"}, ["closed", "solved"]),
        ({"status": "open,solved"}, ["solved", "zipper", "invoice", "claim"]),
        ({"status": "all", "assignee": "none"}, ["closed", "zipper"]),
        ({"priority": "high,urgent"}, ["zipper", "claim"]),
        ({"priority": "urgent"}, ["zipper"]),
        ({"assignee": "me"}, ["invoice"]),
        ({"tag": "VIP"}, ["invoice"]),
        ({"due": "none"}, ["solved", "invoice", "claim"]),
        ({"search": "carrier"}, ["claim"]),
        ({"search": "LINDQVIST claim"}, ["claim"]),
        ({"search": "ord-12345"}, ["zipper"]),
        ({"search": "2"}, ["zipper", "invoice"]),
        ({"search": "#4"}, ["solved"]),
        ({"search": "vat"}, ["invoice"]),
        ({"search": 'no "such" thing'}, []),
        ({"search": "100%"}, []),
        ({"order": "newest"}, ["closed", "solved", "zipper", "invoice", "claim"]),
        ({"order": "priority"}, ["zipper", "claim", "closed", "solved", "invoice"]),
        ({"order": "due", "status": "all"}, ["zipper", "closed", "claim", "invoice", "solved"]),
    ],
)
def test_filters(
    api: APIClient, several: dict[str, Ticket], query: dict[str, str], names: list[str]
) -> None:
    got = found(api, several, **query)

    if query.get("order") == "due":
        assert got[:2] == names[:2]
    else:
        assert got == names


def test_one_persons_and_one_contacts(
    api: APIClient, several: dict[str, Ticket], bob: User, maya: Contact
) -> None:
    assert found(api, several, assignee=bob.pk) == ["solved", "claim"]
    assert found(api, several, requester=str(maya.pk)) == ["claim"]


def test_due_counts_from_now(shop: APIClient, alice: User) -> None:
    at = datetime.now().astimezone()  # noqa: TID251 - the API reads the clock itself
    for name, due_at in {
        "late": at - timedelta(days=2),
        "soon": at + timedelta(days=5),
        "far": at + timedelta(days=20),
    }.items():
        tickets.create(draft=Draft(subject=name, due_at=due_at), by=staff(alice), at=at)

    def subjects(due: str) -> list[str]:
        rows = shop.get(f"{V1}/tickets/", {"due": due}).json()["results"]
        return [row["subject"] for row in rows]

    assert subjects("late") == ["late"]
    assert subjects("week") == ["soon"]
    assert subjects("today") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "done"),
        ("priority", "huge"),
        ("assignee", "bob"),
        ("due", "soon"),
        ("requester", "x"),
        ("order", "random"),
        ("cursor", "x"),
        ("limit", "0"),
        ("search", "x" * 201),
    ],
)
def test_unknown_values_are_refused_by_field(api: APIClient, name: str, value: str) -> None:
    response = api.get(f"{V1}/tickets/", {name: value})

    assert refusal(response) == (400, "invalid")
    assert name in response.json()["fields"]


@pytest.mark.parametrize("order", ["updated", "newest", "priority", "due"])
def test_pages_lose_and_double_nothing(
    api: APIClient, several: dict[str, Ticket], order: str
) -> None:
    seen: list[str] = []
    query: dict[str, str] = {"limit": "2", "order": order}
    while True:
        body = api.get(f"{V1}/tickets/", query).json()
        seen += [row["id"] for row in body["results"]]
        if body["next"] is None:
            break
        query["cursor"] = body["next"]

    assert sorted(seen) == sorted(str(ticket.pk) for ticket in several.values())
    assert seen == [
        row["id"] for row in api.get(f"{V1}/tickets/", {"order": order}).json()["results"]
    ]


def test_a_number_sign_means_one_ticket(
    api: APIClient, several: dict[str, Ticket], alice: User, noon: datetime
) -> None:
    values = {"description": "As in #2, and in #20"}
    tickets.update(ticket=several["claim"], values=values, seen=Seen(), by=staff(alice), at=noon)

    assert found(api, several, search="#2") == found(api, several, search=" #2 ") == ["invoice"]
    assert found(api, several, search="2 #20") == ["claim"]
    assert found(api, several, search="#20") == []


def test_search_follows_a_change(
    api: APIClient, several: dict[str, Ticket], alice: User, noon: datetime
) -> None:
    tickets.update(
        ticket=several["claim"],
        values={"subject": "Completely different"},
        seen=Seen(),
        by=staff(alice),
        at=noon,
    )

    assert found(api, several, search="damage") == []
    assert found(api, several, search="completely") == ["claim"]
