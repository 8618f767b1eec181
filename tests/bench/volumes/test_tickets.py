"""How long a page of tickets takes at 100,000, and the query's share beside plain SQL."""

import os
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from channels_layer.ids import new_id
from channels_layer.rest.lists import paging
from conversations.models import Contact
from tests import factories
from tests.bench.figures import MILLI, Figure, Show, at_most_times
from tests.bench.volumes.volume import BATCH, FIRST, Words
from tickets import objects, search, selectors
from tickets.filters import ORDERS, UPDATED, TicketFilter
from tickets.models import DONE, Status, Ticket, TicketTag

pytestmark = [pytest.mark.bench, pytest.mark.django_db, pytest.mark.timeout(1800)]

TICKETS = int(os.environ.get("BENCH_TICKETS", "100000"))
LIMIT = 40
ROUNDS = 15
MOST = at_most_times(1.5)
"""How often as long as plain SQL the page's query may take."""
MOST_OF_A_SEARCH = at_most_times(2)
"""The same for a search, whose hits are read before the list, so that they pass through here."""

COLUMNS = """
    t.id, t.number, t.subject, t.description, t.status, t.priority, t.assignee_id,
    a.first_name, a.last_name, a.username, t.requester_id, c.name, c.email, c.phone, t.tags,
    t.due_at, t.due_order, t.created_by, t.created_by_name, t.comment_count, t.version,
    t.created_at, t.changed_at, t.opened_at, t.first_reply_at, t.solved_at, t.closed_at,
    t.reopen_count, t.seq
"""
FROM = """
    FROM tickets_ticket t LEFT JOIN auth_user a ON a.id = t.assignee_id
    LEFT JOIN conversations_contact c ON c.id = t.requester_id
"""
NEWEST = "ORDER BY t.changed_at DESC, t.id DESC LIMIT 41"
# Each case: the address's parameters, and the same page in SQL written by hand.
CASES: dict[str, tuple[dict[str, str], str]] = {
    "all": ({}, NEWEST),
    "unsolved": ({"status": "open,pending"}, f"WHERE t.is_done = false {NEWEST}"),
    "one status": ({"status": "pending"}, f"WHERE t.status = 'pending' {NEWEST}"),
    "mine, unsolved": (
        {"status": "open,pending", "assignee": "me"},
        f"WHERE t.is_done = false AND t.assignee_id = {{me}} {NEWEST}",
    ),
    "nobody's": ({"assignee": "none"}, f"WHERE t.assignee_id IS NULL {NEWEST}"),
    "one tag": (
        {"tag": "vip"},
        "JOIN tickets_tickettag g ON g.ticket_id = t.id AND g.name = 'vip' " + NEWEST,
    ),
    "by priority": (
        {"status": "open,pending", "order": "priority"},
        "WHERE t.is_done = false ORDER BY t.priority DESC, t.changed_at DESC, t.id DESC LIMIT 41",
    ),
    "by due date": ({"order": "due"}, "ORDER BY t.due_order, t.id LIMIT 41"),
    "closed, by priority": (
        {"status": "closed", "order": "priority"},
        "WHERE t.is_done = true AND t.status = 'closed'"
        " ORDER BY t.priority DESC, t.changed_at DESC, t.id DESC LIMIT 41",
    ),
    "closed, by number": (
        {"status": "closed", "order": "newest"},
        "WHERE t.is_done = true AND t.status = 'closed' ORDER BY t.number DESC LIMIT 41",
    ),
    "no due date": ({"due": "none"}, f"WHERE t.due_at IS NULL {NEWEST}"),
    "by number": ({"order": "newest"}, "ORDER BY t.number DESC LIMIT 41"),
    "search, common": ({"search": "maya"}, f"WHERE t.id IN ({{maya}}) {NEWEST}"),
    "search, rare": ({"search": "nh-0099990"}, f"WHERE t.id IN ({{nh-0099990}}) {NEWEST}"),
    "search, nothing": ({"search": "qqqqqqq"}, f"WHERE t.id IN ({{qqqqqqq}}) {NEWEST}"),
}
FOUND = {
    "sqlite": "SELECT owner FROM tickets_ticket_entry WHERE id IN ("
    "SELECT rowid FROM tickets_ticket_words WHERE tickets_ticket_words MATCH '\"{word}\"'"
    " ORDER BY rowid DESC LIMIT 2000)",
    "postgresql": "SELECT id FROM tickets_ticket WHERE search_text LIKE '%{word}%'"
    " ORDER BY number DESC LIMIT 2000",
}


def test_pages_are_quick(alice: User, show: Show) -> None:
    fill(alice)
    for name in CASES:
        show(figure(name, alice))
    show(deep(alice))


def fill(alice: User) -> None:
    """Write tickets straight into the tables, the newest changed last."""
    words = Words()
    chance = random.Random(7)  # noqa: S311 - the same ones every time
    people = [alice, *(factories.person(f"agent{number}") for number in range(9))]
    contacts = Contact.objects.bulk_create(
        [
            Contact(name=f"{chance.choice(FIRST)} {number}", created_at=factories.NOON)
            for number in range(TICKETS // 4)
        ],
        batch_size=BATCH,
    )
    for start in range(0, TICKETS, BATCH):
        rows = [
            ticket(number, words, chance, (chance.choice(people), chance.choice(contacts)))
            for number in range(start, min(start + BATCH, TICKETS))
        ]
        written = Ticket.objects.bulk_create(rows)
        TicketTag.objects.bulk_create(
            TicketTag(ticket=row, name=name) for row in written for name in row.tags
        )
    if connection.vendor == "postgresql":  # which does so by itself; nobody does on SQLite
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def ticket(number: int, words: Words, chance: random.Random, who: tuple[User, Contact]) -> Ticket:
    """Return one ticket; one in ten is unsolved, one in five nobody's, one in twenty tagged."""
    at = factories.NOON - timedelta(minutes=TICKETS - number)
    status = chance.choices(Status.values, weights=[5, 5, 20, 70])[0]
    row = Ticket(
        id=new_id(),
        number=number + 1,
        subject=words.sentence(number)[:120],
        description=words.sentence(number),
        status=status,
        is_done=status in DONE,
        priority=chance.randint(1, 4),
        assignee=who[0] if chance.random() < 0.8 else None,
        requester=who[1],
        tags=["vip"] if chance.random() < 0.05 else [],
        due_at=at + timedelta(days=chance.randint(1, 30)) if chance.random() < 0.2 else None,
        created_at=at,
        changed_at=at,
        opened_at=at,
    )
    row.write_search_text()
    return row


def figure(name: str, user: User) -> Figure:
    """Measure one case: the query, plain SQL beside it, and the finished page."""
    parameters, plain = CASES[name]
    queryset, order = filtered(parameters, user)
    statement, values = compiled(selectors.rows(queryset), order)
    by_hand = f"SELECT {COLUMNS} {FROM} {written(plain, user)}"

    def as_listed() -> int:
        # A search reads what it has found before the list is read.
        search.matching(Ticket.objects.all(), parameters.get("search", ""))
        return run(statement, values)

    times = beside(as_listed, lambda: run(by_hand, ()))
    page = median(measured(lambda: len(cut(queryset, order, None).rows)))
    return row_of(name, *times, page)


def deep(user: User) -> Figure:
    """Measure a page in the middle of all tickets."""
    queryset, order = filtered({}, user)
    at = factories.NOON - timedelta(minutes=TICKETS // 2)
    middle = queryset.filter(changed_at__gte=at).order_by("changed_at", "id")[:1].get()
    before = models.Q(changed_at__lte=middle.changed_at) & (
        models.Q(changed_at__lt=middle.changed_at)
        | models.Q(changed_at=middle.changed_at, id__lt=middle.pk)
    )
    below = queryset.filter(before)
    statement, values = compiled(selectors.rows(below), order)
    by_hand = f"SELECT {COLUMNS} {FROM} WHERE (t.changed_at, t.id) < (%s, %s) {NEWEST}"
    ends = (adapted("changed_at", middle.changed_at), adapted("id", middle.pk))
    times = beside(lambda: run(statement, values), lambda: run(by_hand, ends))
    page = median(measured(lambda: len(cut(below, order, None).rows)))
    return row_of("page in the middle", *times, page)


def filtered(parameters: dict[str, str], user: User) -> tuple[Any, tuple[str, ...]]:
    """Filter as the list does."""
    order = parameters.get("order", UPDATED)
    actor = factories.staff(user)
    filters = TicketFilter(parameters, actor=actor, at=factories.NOON, order=order)
    return filters.qs, tuple(ORDERS[order].columns)


def compiled(rows: Any, order: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    try:
        return rows.order_by(*order)[: LIMIT + 1].query.sql_with_params()
    except EmptyResultSet:  # a search that found nothing needs no query for the list
        return "SELECT 1 WHERE 1 = 0", ()


def cut(queryset: Any, order: tuple[str, ...], cursor: str | None) -> Any:
    page = paging.cut(selectors.rows(queryset), order=order, cursor=cursor, limit=LIMIT)
    assert all(objects.ticket_object(row, ()) for row in page.rows)
    return page


def written(plain: str, user: User) -> str:
    """Fill in the subqueries of a case's SQL."""
    found = FOUND[connection.vendor]
    for word in ("maya", "nh-0099990", "qqqqqqq"):
        plain = plain.replace(f"{{{word}}}", found.replace("{word}", word))
    plain = plain.replace("{me}", str(user.pk))
    return plain.replace("%", "%%")


def adapted(name: str, value: datetime | Any) -> Any:
    """Turn a value into what the driver takes for the column ``name``."""
    field = Ticket._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field.get_db_prep_value(value, connection)


def run(statement: str, values: tuple[Any, ...]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return len(cursor.fetchall())


def beside(first: Callable[[], int], second: Callable[[], int]) -> tuple[float, float]:
    """Measure two ways to the same rows in turn; the shortest of each, for the noise."""
    assert first() == second()
    pairs = [(once(first), once(second)) for _ in range(ROUNDS)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def measured(work: Callable[[], int]) -> list[float]:
    work()
    return [once(work) for _ in range(ROUNDS)]


def once(work: Callable[[], int]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def row_of(name: str, query: float, plain: float, page: float) -> Figure:
    return Figure(
        name=f"{TICKETS} tickets, {connection.vendor}: {name}",
        unit="ms",
        ours=query * MILLI,
        reference=plain * MILLI,
        what="plain SQL",
        goal=MOST_OF_A_SEARCH if "search" in name else MOST,
        also={"whole page": page * MILLI},
    )
