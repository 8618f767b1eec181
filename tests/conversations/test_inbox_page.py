"""The list: GET /conversations/ and /conversations/rows/."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from channels_layer.access.actors import System
from conversations.models import Contact, Conversation
from handoff import services as handoff
from tests import factories
from tests.conversations.conftest import says, signed_in

ROWS = "/conversations/rows/"


def test_sends_a_stranger_to_sign_in(db: None, client: Client) -> None:
    response = client.get("/conversations/?status=open")
    assert response.status_code == 302
    assert response.headers["Location"] == "/login/?next=/conversations/%3Fstatus%3Dopen"


def test_tells_a_fragment_that_the_session_ended(db: None, client: Client) -> None:
    assert client.get(ROWS, headers={"X-Requested-With": "fetch"}).status_code == 401


def test_shows_nothing_to_the_unentitled(conversation: Conversation, mallory: User) -> None:
    assert signed_in(mallory).get("/conversations/").status_code == 403


def test_shows_a_row_with_who_has_the_floor(
    page: Client, waiting: Conversation, noon: datetime
) -> None:
    says(waiting, "Where is my lamp?", noon + timedelta(minutes=1))
    html = page.get("/conversations/").content.decode()
    assert "Victor" in html
    assert "Where is my lamp?" in html
    assert "control--requested" in html
    assert 'aria-label="1 unread"' in html


def test_says_why_it_is_empty(page: Client) -> None:
    assert "No conversations yet" in page.get("/conversations/").content.decode()
    found = page.get("/conversations/?status=closed").content.decode()
    assert "Nothing matches these filters" in found


def test_escapes_what_strangers_call_themselves(page: Client, db: None) -> None:
    contact = factories.ContactFactory.create(name="<img src=x onerror=alert(1)>")
    factories.conversation(contact=contact)
    html = page.get("/conversations/").content.decode()
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


@pytest.mark.parametrize(
    "query",
    [
        "status=transferred",
        "handoff=requested",
        "switch=active",
        "activity=low",
        "source=api",
        "owner=none",
        "search=victor",
        "search=VICTOR%40example",
    ],
)
def test_filters_keep_what_matches(page: Client, waiting: Conversation, query: str) -> None:
    assert f'data-row="{waiting.pk}"' in page.get(f"{ROWS}?{query}").content.decode()


@pytest.mark.parametrize(
    "query", ["status=open", "handoff=agent", "source=web_widget", "owner=me", "search=nobody"]
)
def test_filters_leave_out_the_rest(page: Client, waiting: Conversation, query: str) -> None:
    assert f'data-row="{waiting.pk}"' not in page.get(f"{ROWS}?{query}").content.decode()


def test_filters_by_the_time_left_to_write_freely(page: Client, conversation: Conversation) -> None:
    conversation.window_expires_at = timezone.now() + timedelta(hours=1)  # noqa: TID251
    conversation.save(update_fields=["window_expires_at"])
    html = page.get("/conversations/?window=closing").content.decode()
    assert f'data-row="{conversation.pk}"' in html
    assert 'data-field="window"' in html
    assert re.search(r'class="chip chip--on"[^>]*>Window closes in 2 h', html)
    assert "data-row=" not in page.get(f"{ROWS}?window=closed").content.decode()


def test_filters_by_days_of_ones_own_choice(page: Client, waiting: Conversation) -> None:
    page.cookies["timezone"] = "Europe/Stockholm"
    waiting.last_message_at = datetime(2025, 3, 5, 23, 30, tzinfo=UTC)
    waiting.save(update_fields=["last_message_at"])
    days = "after=2025-03-05T23:00:00.000Z&before=2025-03-06T23:00:00.000Z"
    html = page.get(f"/conversations/?{days}").content.decode()
    assert f'data-row="{waiting.pk}"' in html
    assert '<option value="custom" selected>' in html
    assert html.count('value="2025-03-06"') == 2
    assert re.search(r'class="chip chip--on"[^>]*href="/conversations/"[^>]*>6 Mar 2025', html)
    assert "Nothing matches" in page.get(f"{ROWS}?before=2025-03-01T00:00:00Z").content.decode()


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("after=2025-03-06T00:00:00Z", "From 6 Mar 2025"),
        ("before=2025-03-06T00:00:00Z", "Until 5 Mar 2025"),
        ("after=2025-03-02T00:00:00Z&before=2025-03-06T00:00:00Z", "2 Mar 2025 to 5 Mar 2025"),
    ],
)
def test_names_the_days_and_takes_them_away(
    page: Client, conversation: Conversation, query: str, word: str
) -> None:
    html = page.get(f"/conversations/?status=closed&{query}").content.decode()
    assert re.search(rf'class="chip chip--on"[^>]*status=closed"[^>]*>{word}', html)
    assert re.search(r'class="inbox__clear"[^>]*href="/conversations/"', html)


def test_days_at_the_calendars_end_are_open(page: Client, conversation: Conversation) -> None:
    days = "after=0001-01-01T00:00:00Z&before=0001-01-01T00:00:00Z"
    assert "From 1 Jan 1" in page.get(f"/conversations/?{days}").content.decode()


def test_ignores_a_filter_that_nobody_knows(page: Client, waiting: Conversation) -> None:
    html = page.get(f"{ROWS}?handoff=nonsense&owner=x").content.decode()
    assert f'data-row="{waiting.pk}"' in html


def test_selected_shows_the_open_one_alone(page: Client, conversation: Conversation) -> None:
    other = factories.conversation()
    html = page.get(f"{ROWS}?status=selected&open={conversation.pk}").content.decode()
    assert f'data-row="{conversation.pk}"' in html
    assert f'data-row="{other.pk}"' not in html


def test_loads_page_by_page_without_gaps(page: Client, db: None, noon: datetime) -> None:
    made = {str(factories.conversation(at=noon + timedelta(minutes=n)).pk) for n in range(95)}
    seen: list[str] = []
    cursors = [""]
    while cursors:
        html = page.get(ROWS, {"cursor": cursors.pop()}).content.decode()
        seen += re.findall(r'data-row="([^"]+)"', html)
        cursors += re.findall(r'data-more="([^"]+)"', html)
    assert sorted(seen) == sorted(made)


def test_named_rows_are_those_that_still_match(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    ended = factories.conversation()
    handoff.end(floor=ended, by=factories.staff(alice), at=noon)
    html = page.get(f"{ROWS}?status=active&id={conversation.pk}&id={ended.pk}").content.decode()
    assert f'data-row="{conversation.pk}"' in html
    assert f'data-row="{ended.pk}"' not in html


def test_the_open_row_is_shown_as_it_is_though_it_left_the_list(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    handoff.end(floor=conversation, by=factories.staff(alice), at=noon)
    address = f"{ROWS}?status=active&id={conversation.pk}&open={conversation.pk}"
    html = page.get(address).content.decode()
    assert "data-left" in html
    assert "Closed" in html
    assert "data-left" not in page.get(address.replace("active", "closed")).content.decode()


def test_the_queue_names_the_one_that_waits_longest(
    page: Client, waiting: Conversation, noon: datetime
) -> None:
    later = factories.conversation()
    handoff.join(floor=later, by=System(name="Ada"), at=noon + timedelta(minutes=3))
    html = page.get(ROWS).content.decode()
    assert "2 waiting" in html
    assert f'data-longest="{waiting.pk}"' in html


def test_a_malformed_cursor_is_refused(page: Client, conversation: Conversation) -> None:
    assert page.get(f"{ROWS}?cursor=nonsense").status_code == 400


def test_the_number_of_rows_costs_no_queries(
    page: Client, db: None, noon: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        says(factories.conversation(), "Hello", noon + timedelta(minutes=number))
    Contact.objects.count()
    with django_assert_max_num_queries(16):
        page.get("/conversations/")
