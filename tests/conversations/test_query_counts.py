"""The number of queries of the list, of a search and of an open conversation."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_layer.rest.lists import paging
from conversations import search
from conversations.filters import NEWEST_ACTIVITY
from conversations.models import Conversation, ConversationQuerySet
from conversations.selectors import conversations as selectors
from conversations.selectors import messages
from tests import factories
from tests.conversations.conftest import says

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Filter = Callable[[ConversationQuerySet], ConversationQuerySet]

IS_SQLITE = connection.vendor == "sqlite"
PAGE = 1 if IS_SQLITE else 2
"""PostgreSQL reads the keys first, then the columns by a statement that it has planned."""


@pytest.fixture
def talks(noon: datetime) -> list[Conversation]:
    """Seven conversations in which something was said."""
    rows = [factories.conversation() for _ in range(7)]
    for number, row in enumerate(rows):
        says(row, f"The lamp flickers, order A-{number}", noon + timedelta(minutes=number))
    return rows


def read(user: User, narrowed: Filter, cursor: str | None = None) -> tuple[int, int]:
    """Read a page of the list; return its length and the number of queries."""
    actor = factories.staff(user)
    with CaptureQueriesContext(connection) as queries:
        rows = selectors.rows(narrowed(selectors.inbox(actor)), actor)
        page = paging.cut(rows, order=NEWEST_ACTIVITY, cursor=cursor, limit=5)
    return len(selectors.conversation_objects(page.rows)), len(queries)


@pytest.mark.parametrize(
    "narrowed",
    [
        lambda rows: rows,
        lambda rows: rows.with_status("open"),
        lambda rows: rows.filter(source__kind="api").with_activity("low").with_status("active"),
    ],
)
@pytest.mark.usefixtures("talks")
def test_a_page_of_the_list(narrowed: Filter, alice: User) -> None:
    assert read(alice, narrowed) == (5, PAGE)


def test_a_page_in_the_depth(talks: list[Conversation], alice: User) -> None:
    third = Conversation.objects.order_by(*NEWEST_ACTIVITY)[2]
    after = paging.after(third, order=NEWEST_ACTIVITY)
    assert read(alice, lambda rows: rows, after) == (4, PAGE)


@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize(
    ("text", "on_sqlite", "on_postgres"),
    [("flickers", 0, 2), ("victor a-3", 0, 2), ("vi", 2, 1), ("nothing at all", 0, 2)],
)
def test_a_search_beside_the_page(text: str, on_sqlite: int, on_postgres: int, alice: User) -> None:
    _, queries = read(alice, lambda rows: search.matching(rows, text))
    pages = PAGE if text != "nothing at all" else 1
    assert queries - pages == (on_sqlite if IS_SQLITE else on_postgres)


def test_a_page_of_a_thread(talks: list[Conversation], alice: User) -> None:
    actor = factories.staff(alice)
    with CaptureQueriesContext(connection) as queries:
        messages.page(selectors.conversation_for(actor, talks[0].pk), actor)
    assert len(queries) == 3
