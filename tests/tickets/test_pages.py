"""``/tickets/`` and ``/tickets/<number>/`` as staff see them, and the section in a conversation."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from channels_layer.templatetags.interface import tone
from conversations.models import Conversation
from tests import factories
from tests.factories import staff
from tickets.models import Priority, Status, Ticket
from tickets.services import comments, tickets
from tickets.services.comments import Remark
from tickets.services.tickets import Draft, Seen


@pytest.fixture
def window(client: Client, alice: User) -> Client:
    """Alice's browser."""
    client.force_login(alice)
    return client


def page(client: Client, path: str = "/tickets/", **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def fragment(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query, headers={"X-Requested-With": "fetch"})
    assert response.status_code == 200
    return response.content.decode()


def test_shows_what_is_unsolved_by_default(
    window: Client, ticket: Ticket, alice: User, noon: datetime
) -> None:
    tickets.create(draft=Draft(subject="Done", status=Status.SOLVED), by=staff(alice), at=noon)

    assert "Cracked base" in page(window)
    assert ">Done<" not in page(window)
    assert ">Done<" in page(window, status="all")
    assert ">Done<" in page(window, search="done")
    assert "Cracked base" not in page(window, status="solved")
    assert "Cracked base" in page(window, status="nonsense")


def test_the_open_row_is_shown_as_it_is_though_it_left_the_list(
    window: Client, alice: User, noon: datetime
) -> None:
    done, other = (
        tickets.create(draft=Draft(subject=name, status=Status.SOLVED), by=staff(alice), at=noon)
        for name in ("Done", "Other")
    )
    query = f"id={done.pk}&id={other.pk}&open={done.number}"
    html = window.get(f"/tickets/rows/?{query}").content.decode()
    assert html.count("data-row=") == html.count("data-left") == 1
    assert "Solved" in html
    assert "data-left" not in window.get(f"/tickets/rows/?status=all&{query}").content.decode()


def test_the_tab_says_what_is_searched(window: Client, ticket: Ticket, noon: datetime) -> None:
    def current(**query: str) -> str:
        before, _, after = page(window, **query).partition('aria-current="true">')
        return after.partition("<")[0].strip() if "tabs__item" in before else ""

    assert current() == "Open and pending"
    assert current(search="lamp") == "All"
    assert current(search="lamp", status="open,pending") == "Open and pending"
    assert current(search="lamp", assignee="me", status="open,pending") == "Mine"
    assert "?status=open,pending&amp;search=lamp" in page(window, search="lamp")


def test_a_number_that_no_ticket_bears(window: Client) -> None:
    response = window.get("/tickets/99/")

    assert response.status_code == 404
    assert "conversation may" not in response.content.decode()


def test_says_why_it_is_empty(window: Client) -> None:
    assert "Nothing is open" in page(window)
    assert "Nothing is known of “lamp”" in page(window, search="lamp")


def test_the_order_is_remembered_per_person(
    window: Client, ticket: Ticket, alice: User, bob: User, noon: datetime
) -> None:
    urgent = Draft(subject="Fire", priority=Priority.URGENT)
    tickets.create(draft=urgent, by=staff(alice), at=noon - timedelta(days=1))
    window.cookies[f"tickets_{alice.pk}"] = "priority"
    html = page(window)
    assert html.index("Fire") < html.index("Cracked base")

    window.force_login(bob)
    html = page(window)
    assert html.index("Cracked base") < html.index("Fire")


def test_a_ticket_shows_all_that_belongs_to_it(
    window: Client, ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    comments.add(ticket=ticket, remark=Remark(text="**Refund** now"), by=staff(alice), at=noon)
    values = {"priority": Priority.HIGH, "assignee": alice, "due_at": noon, "tags": ["vip"]}
    tickets.update(ticket=ticket, values=values, seen=Seen(), by=staff(alice), at=noon)
    html = fragment(window, f"/tickets/{ticket.number}/")

    assert "<strong>Refund</strong> now" in html
    assert "changed the priority from Normal to High" in html
    assert "assigned it to Alice" in html
    assert f"/conversations/{conversation.pk}/" in html
    assert "Victor gets this in the conversation (API)" in html
    assert 'value="vip"' in html


def test_a_person_has_one_colour_everywhere(
    window: Client, ticket: Ticket, alice: User, bob: User, noon: datetime
) -> None:
    for person in (alice, bob):
        comments.add(ticket=ticket, remark=Remark(text="Done"), by=staff(person), at=noon)
    html = fragment(window, f"/tickets/{ticket.number}/")
    for person in (alice, bob):
        assert f'<span class="avatar avatar--sm {tone(person.pk)}"' in html


def test_what_is_due_never_is_called_so_in_the_list_and_the_ticket(
    window: Client, ticket: Ticket
) -> None:
    assert "No date" in fragment(window, f"/tickets/{ticket.number}/")
    assert '<span class="muted">No date</span>' in page(window)


def test_nothing_of_a_ticket_is_markup(
    window: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    evil = '"><script>alert(1)</script>'
    draft = Draft(subject=evil, description=evil, tags=[evil.lower()], conversation=conversation)
    ticket = tickets.create(draft=draft, by=staff(alice), at=noon)
    comments.add(ticket=ticket, remark=Remark(text=evil), by=staff(alice), at=noon)
    path = f"/tickets/{ticket.number}/"
    shown = page(window), page(window, path), fragment(window, path), page(window, search=evil)
    for html in shown:
        assert "<script>alert" not in html
    assert "<script>alert" not in page(window, f"/conversations/{conversation.pk}/")


@pytest.mark.parametrize("path", ["/tickets/999/", "/tickets/999/parts/"])
def test_what_is_not_there(window: Client, path: str) -> None:
    assert window.get(path).status_code == 404


@pytest.mark.parametrize("path", ["", "rows/", "1/", "1/parts/"])
def test_strangers_see_nothing(client: Client, ticket: Ticket, mallory: User, path: str) -> None:
    assert client.get(f"/tickets/{path}").status_code == 302
    client.force_login(mallory)
    assert client.get(f"/tickets/{path}").status_code == 403


def test_pages_go_on_where_one_ended(window: Client, alice: User, noon: datetime) -> None:
    for number in range(45):
        at = noon + timedelta(minutes=number)
        tickets.create(draft=Draft(subject=f"Lamp {number}"), by=staff(alice), at=at)
    first = page(window)
    cursor = first.split('data-more="')[1].split('"')[0]
    rest = fragment(window, "/tickets/rows/", cursor=cursor)

    assert first.count("data-row=") == 40
    assert rest.count("data-row=") == 5
    assert "Lamp 0<" in rest


def test_named_rows_obey_the_filters(window: Client, ticket: Ticket) -> None:
    shown = fragment(window, "/tickets/rows/", id=str(ticket.pk))
    hidden = fragment(window, "/tickets/rows/", id=str(ticket.pk), status="closed")

    assert str(ticket.pk) in shown
    assert str(ticket.pk) not in hidden


def test_a_conversation_shows_its_tickets(
    window: Client, ticket: Ticket, conversation: Conversation
) -> None:
    html = page(window, f"/conversations/{conversation.pk}/")
    section = fragment(window, f"/conversations/{conversation.pk}/tickets/")

    for text in (html, section):
        assert "Related tickets" in text
        assert f"/tickets/{ticket.number}/" in text
        assert "Create ticket" in text
    assert "tickets/panel.js" in html


@pytest.mark.parametrize(
    "due_at", [datetime(9999, 12, 31, 23, 59, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)]
)
def test_a_date_at_the_end_of_the_calendar_is_shown_in_every_zone(
    window: Client, ticket: Ticket, alice: User, noon: datetime, due_at: datetime
) -> None:
    window.cookies["timezone"] = "Asia/Tokyo" if due_at.year > noon.year else "America/Lima"
    for status in Status.OPEN, Status.SOLVED:
        values = {"due_at": due_at, "status": status}
        tickets.update(ticket=ticket, values=values, seen=Seen(), by=staff(alice), at=noon)
        shown = page(window, status="all"), page(window, f"/tickets/{ticket.number}/")

        assert all("Cracked base" in html for html in shown)
        assert f'value="{due_at.year:04}-' in fragment(window, f"/tickets/{ticket.number}/parts/")


def test_an_administrator_opens_a_ticket(client: Client, ticket: Ticket) -> None:
    boss = factories.person("dora", role="administrator")
    boss.is_staff = boss.is_superuser = True
    boss.save()
    client.force_login(boss)

    assert "Cracked base" in page(client, "/admin/tickets/ticket/", q="cracked")
    assert "created" in page(client, f"/admin/tickets/ticket/{ticket.pk}/change/")
