"""The number of queries of a ticket's page, and how much of a long history it shows."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from conversations.services import attachments
from conversations.services.attachments import Upload
from tests import factories
from tests.factories import staff
from tickets.models import Change, Comment, Priority, Ticket
from tickets.services import comments, tickets
from tickets.services.comments import Remark
from tickets.services.tickets import Draft, Seen

pytestmark = pytest.mark.both_databases

MOST_QUERIES = 8 if connection.vendor == "sqlite" else 9
"""PostgreSQL looks at a sample of all texts where many of the newest have the words."""
FRAGMENT = {"X-Requested-With": "fetch"}


@pytest.fixture
def window(client: Client, alice: User) -> Client:
    """Alice's browser."""
    client.force_login(alice)
    return client


@pytest.fixture
def full(ticket: Ticket, alice: User, bob: User, noon: datetime) -> Ticket:
    """Return a ticket with two conversations, changes, and comments with files of both kinds."""
    by = staff(alice)
    tickets.link(ticket=ticket, conversation=factories.conversation(), by=by, at=noon)
    values = {"description": "Again", "priority": Priority.HIGH, "assignee": bob, "tags": ["vip"]}
    tickets.update(ticket=ticket, values=values, seen=Seen(), by=by, at=noon)
    for kind in Comment.Kind.PUBLIC, Comment.Kind.INTERNAL:
        file = attachments.store(upload=Upload(name=f"{kind}.txt", data=b"slip"), by=by, at=noon)
        remark = Remark(text=f"A {kind} one", kind=kind, attachments=(file.pk,))
        comments.add(ticket=ticket, remark=remark, by=by, at=noon)
    return ticket


@pytest.mark.parametrize("query", [{}, {"search": "lamp"}, {"status": "all", "order": "due"}])
def test_the_list_takes_few_queries(
    window: Client,
    alice: User,
    noon: datetime,
    query: dict[str, str],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(10):
        draft = Draft(subject=f"Lamp {number}", assignee=alice)
        tickets.create(draft=draft, by=staff(alice), at=noon)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert window.get("/tickets/", query).status_code == 200


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
@pytest.mark.parametrize("path", ["", "rows/", "{number}/", "{number}/parts/", "{number}/earlier/"])
def test_a_page_takes_few_queries(
    window: Client,
    full: Ticket,
    path: str,
    headers: dict[str, str],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    address = f"/tickets/{path.format(number=full.number)}"
    with django_assert_max_num_queries(MOST_QUERIES):
        assert window.get(address, headers=headers).status_code == 200


def test_all_of_a_full_ticket_is_shown(window: Client, full: Ticket) -> None:
    html = window.get(f"/tickets/{full.number}/", headers=FRAGMENT).content.decode()

    for text in "public.txt", "internal.txt", "A public one", "rewrote the description":
        assert text in html
    assert html.count("data-unlink") == 2
    assert "data-earlier" not in html


def test_a_page_leaves_room_for_its_ticket(window: Client, full: Ticket) -> None:
    html = window.get(f"/tickets/{full.number}/").content.decode()

    assert f'data-opened="{full.number}"' in html
    assert f"<title>#{full.number} Cracked base" in html
    assert "data-version" not in html


def test_a_long_history_is_shown_from_its_end(
    window: Client, ticket: Ticket, alice: User, noon: datetime
) -> None:
    for number in range(1, 130):
        at = noon + timedelta(minutes=number)
        comments.add(ticket=ticket, remark=Remark(text=f"n{number}."), by=staff(alice), at=at)
        values = {"description": f"Text of {number}"}
        tickets.update(ticket=ticket, values=values, seen=Seen(), by=staff(alice), at=at)
    address = f"/tickets/{ticket.number}/parts/"
    seen: list[str] = []
    sizes = []
    while address:
        html = window.get(address, headers=FRAGMENT).content.decode()
        found = [part.partition('"')[0] for part in html.split('data-entry="')[1:]]
        sizes.append(len(found))
        seen = found + seen
        address = html.partition('data-earlier="')[2].partition('"')[0]

    assert sizes == [100, 100, 59]
    entries: list[Comment | Change] = [*Comment.objects.all(), *Change.objects.all()]
    entries.sort(key=lambda entry: (entry.created_at, str(entry.pk)))
    assert seen == [str(entry.pk) for entry in entries]


def test_descriptions_of_the_past_are_not_read(
    window: Client, ticket: Ticket, alice: User, noon: datetime
) -> None:
    values = {"description": "x" * 10_000}
    tickets.update(ticket=ticket, values=values, seen=Seen(), by=staff(alice), at=noon)
    with CaptureQueriesContext(connection) as queries:
        window.get(f"/tickets/{ticket.number}/parts/", headers=FRAGMENT)
    asked = [one["sql"] for one in queries if '"tickets_change"."field"' in one["sql"]]

    assert len(asked) == 1
    assert "CASE WHEN" in asked[0]
    assert '"tickets_change"."before",' not in asked[0]


@pytest.mark.parametrize("cursor", ["x", "\x00"])
def test_a_malformed_cursor(window: Client, ticket: Ticket, cursor: str) -> None:
    answer = window.get(f"/tickets/{ticket.number}/earlier/", {"cursor": cursor})

    assert answer.status_code == 400
