"""The inbox's list: first page, pages in the middle, filtered pages, beside SQL by hand."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import User
from django.db import connection, models
from django.http import QueryDict
from django.test import Client

from channels_layer.access.actors import Actor
from channels_layer.rest.lists import paging
from channels_layer.rest.lists.query import ListQuery
from conversations.filters import NEWEST_ACTIVITY, InboxFilter
from conversations.models import Assistant, Conversation, Source
from conversations.selectors import conversations as selectors
from tests import factories
from tests.bench.figures import Figure, Show, at_most_times
from tests.bench.volumes import by_hand
from tests.bench.volumes.conftest import CONVERSATIONS
from tests.bench.volumes.timing import Statement, medians, read, statements_of
from tests.bench.volumes.volume import Words

pytestmark = [
    pytest.mark.bench,
    pytest.mark.both_databases,
    pytest.mark.django_db,
    pytest.mark.timeout(1800),
]

BY_HAND = "SQL by hand"
WHOLE, SQL, HAND = "whole page", "its SQL", "by hand"
TIMES_OF_A_REQUEST = {"sqlite": 14, "postgresql": 6}
NAME = f"inbox, {CONVERSATIONS} conversations"


class Case(NamedTuple):
    """A page: what the address asks for, and the same by hand."""

    parameters: dict[str, str]
    where: str = ""
    values: tuple[Any, ...] = ()


def cases() -> dict[str, Case]:
    """Return the pages that are measured, by name."""
    week = factories.NOON - timedelta(days=6, hours=12)
    source = Source.objects.order_by("pk")[:1].get()
    assistant = Assistant.objects.order_by("pk")[:1].get()
    middle = Conversation.objects.order_by("-last_message_at", "-id")[CONVERSATIONS // 2]
    return {
        "first page": Case({}),
        "page in the middle": Case(
            {"cursor": paging.after(middle, order=NEWEST_ACTIVITY)},
            "(c.last_message_at, c.id) < (%s, %s)",
            (adapted("last_message_at", middle.last_message_at), adapted("id", middle.pk)),
        ),
        "active": Case({"status": "active"}, "c.lifecycle = 'active'"),
        "transferred": Case(
            {"status": "transferred"},
            "c.lifecycle = 'active' AND c.control IN ('requested', 'agent')",
        ),
        "one source, a week": Case(
            {"source": str(source.pk), "period": "7d"},
            "c.source_id = %s AND c.last_message_at >= %s",
            (adapted("source", source.pk), adapted("last_message_at", week)),
        ),
        "one assistant, closed": Case(
            {"assistant": str(assistant.pk), "status": "closed"},
            "c.assistant_id = %s AND c.lifecycle = 'ended'",
            (adapted("assistant", assistant.pk),),
        ),
        "high activity": Case({"activity": "high"}, "c.turn_count > 10"),
        "nobody's": Case({"owner": "none"}, "c.owner_id IS NULL"),
    }


def adapted(name: str, value: object) -> Any:
    """Return a value as the driver takes it for the column ``name`` of a conversation."""
    field = Conversation._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field.get_db_prep_value(value, connection)


def test_pages_cost_little(alice: User, loaded: Words, show: Show) -> None:
    first = 0.0
    for name, case in cases().items():
        hand = by_hand.page(alice, case.where, *case.values)
        times = times_of(partial(page, factories.staff(alice), case.parameters), hand)
        title = f"{NAME}, {connection.vendor}: {name}"
        first = first or times[WHOLE]
        show(beside(title, times, WHOLE, 3))
        show(beside(f"{title}, its SQL", times, SQL, 1.5))
        if "cursor" in case.parameters:
            title = f"{title}, beside the first page"
            show(figure(title, times[WHOLE], first, "the first page", 3))


def test_requests_cost_little(alice: User, client: Client, loaded: Words, show: Show) -> None:
    client.force_login(alice)

    def get() -> int:
        answer = client.get("/api/v1/conversations/")
        return len(answer.json()["results"])

    hand = by_hand.page(alice)
    times = medians({WHOLE: get, HAND: partial(read, hand)})
    most = TIMES_OF_A_REQUEST[connection.vendor]
    title = f"{NAME}, {connection.vendor}: GET of the first page, all middleware"
    show(beside(title, times, WHOLE, most))


def page(actor: Actor, parameters: dict[str, str]) -> int:
    """Make a page as the API does, up to what is encoded."""
    data = QueryDict(mutable=True)
    data.update(parameters)
    query = ListQuery(InboxFilter, data, actor=actor, at=factories.NOON)
    query.refuse_unknown()
    found = query.page(selectors.rows(query.queryset(), actor))
    return len(selectors.conversation_objects(found.rows))


def times_of(work: Callable[[], int], hand: Statement) -> dict[str, float]:
    """Measure a page, the statements in it, and the same by hand, which finds as much."""
    statements = statements_of(work)
    assert work() == min(read(hand), by_hand.LIMIT)
    return medians({WHOLE: work, SQL: partial(read, *statements), HAND: partial(read, hand)})


def beside(title: str, times: dict[str, float], measure: str, most: float) -> Figure:
    """Return a figure beside the SQL by hand."""
    return figure(title, times[measure], times[HAND], BY_HAND, most)


def figure(title: str, ours: float, reference: float, what: str, most: float) -> Figure:
    """Return a figure that may be so many times its reference."""
    goal = at_most_times(most)
    return Figure(name=title, unit="ms", ours=ours, reference=reference, what=what, goal=goal)
