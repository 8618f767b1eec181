"""Columns of lists: compiled once, they read what Django's own ``.values()`` would."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from channels_layer.prepared import Slot
from channels_layer.rest import Columns, paging
from channels_layer.rest.lists import planned
from conversations.models import Conversation, ConversationQuerySet, ReadState
from conversations.objects.conversation import CONVERSATION_FIELDS
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ORDER = ("-last_message_at", "-id")
COLUMNS = Columns(lambda: Conversation.objects.values(*CONVERSATION_FIELDS))


def _of_one_reader() -> QuerySet[Any, dict[str, Any]]:
    mine = FilteredRelation("read_states", condition=Q(read_states__user=Slot(ReadState, "user")))
    rows: QuerySet[Any, Any] = Conversation.objects.annotate(mine=mine)
    return rows.values("id", read_count=F("mine__customer_count"))


READ = Columns(_of_one_reader)


@pytest.fixture
def several(alice: User) -> list[Conversation]:
    """Conversations that differ in their columns, two of them in each minute; the newest first."""
    rows = []
    for number in range(6):
        row = factories.conversation(at=factories.NOON - timedelta(minutes=number // 2))
        row.last_message_at = factories.NOON - timedelta(minutes=number // 2, microseconds=7)
        row.tags = [[], ["late", "ümlaut"]][number % 2]
        row.owner = [None, alice][number % 2]
        row.turn_count = number
        row.ended_at = [None, factories.NOON][number % 2]
        row.save()
        assert row.contact
        row.contact.attributes = [{}, {"size": 12345678901234567890}][number % 2]
        row.contact.save()
        rows.append(row)
    return sorted(rows, key=lambda row: (row.last_message_at, row.pk), reverse=True)


def expected(queryset: QuerySet[Conversation]) -> list[dict[str, Any]]:
    return list(queryset.order_by(*ORDER).values(*CONVERSATION_FIELDS))


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    "wanted",
    [
        Q(),
        Q(turn_count__lt=4, lifecycle="active"),
        Q(source__kind="api"),
        Q(source__kind="widget"),
        Q(pk__in=[]),
        ~Q(pk__in=[]),
        Q(contact__name__contains="a") | Q(turn_count=3),
    ],
)
def test_reads_what_django_would(wanted: Q) -> None:
    rows = Conversation.objects.filter(wanted)
    with CaptureQueriesContext(connection) as queries:
        found = list(COLUMNS.of(rows.order_by(*ORDER)))
    assert found == expected(rows)
    # PostgreSQL reads the keys first, then their columns by a statement that it has planned.
    assert len(queries) <= (2 if connection.vendor == "postgresql" else 1)


def test_each_use_has_its_filters_and_values(
    several: list[Conversation], alice: User, bob: User
) -> None:
    first = several[0]
    ReadState.objects.create(conversation=first, user=alice, customer_count=3)
    ReadState.objects.create(conversation=first, user=bob, customer_count=4)

    def read(rows: ConversationQuerySet, user: User) -> list[Any]:
        return [row["read_count"] for row in READ.of(rows, user=user.pk)]

    one = Conversation.objects.filter(pk=first.pk)
    assert [read(one, user) for user in (alice, bob)] == [[3], [4]]
    assert read(Conversation.objects.filter(pk=several[1].pk), alice) == [None]
    assert read(Conversation.objects.none(), alice) == []


def test_pages_go_forth_and_back(several: list[Conversation]) -> None:
    rows = COLUMNS.of(Conversation.objects.filter(turn_count__gte=0))
    pages, cursor = [], None
    for _ in range(3):
        pages.append(paging.cut(rows, order=ORDER, cursor=cursor, limit=2))
        cursor = pages[-1].next
    assert cursor is None
    forth = [[row["id"] for row in page.rows] for page in pages]
    assert [key for keys in forth for key in keys] == [row.pk for row in several]
    back = paging.cut(rows, order=ORDER, cursor=pages[-1].previous, limit=2)
    assert [row["id"] for row in back.rows] == forth[1]


def test_other_orders_are_kept(several: list[Conversation]) -> None:
    rows = COLUMNS.of(Conversation.objects.order_by("turn_count", "id"))
    assert [row["turn_count"] for row in rows] == list(range(6))
    page = paging.cut(rows, order=("turn_count", "id"), cursor=None, limit=4)
    following = paging.cut(rows, order=("turn_count", "id"), cursor=page.next, limit=4)
    assert [row["turn_count"] for row in following.rows] == [4, 5]


def test_empty_values_are_the_row_s_own(several: list[Conversation]) -> None:
    first, second, _third = (
        row for row in COLUMNS.of(Conversation.objects.all()) if not row["tags"][:1]
    )
    first["tags"].append("kept here")
    assert second["tags"] == []


def test_slices_are_refused(several: list[Conversation]) -> None:
    with pytest.raises(TypeError):
        list(COLUMNS.of(Conversation.objects.all()[:3]))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_column_of_another_type_is_read_by_a_new_plan() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planned_once (note varchar(5))")
        cursor.execute("INSERT INTO planned_once VALUES ('lamp')")
    statement = "SELECT note FROM planned_once WHERE note = %s"
    try:
        assert planned.read(connection, statement, ["lamp"]) == [("lamp",)]
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE planned_once ALTER COLUMN note TYPE text")
        assert planned.read(connection, statement, ["lamp"]) == [("lamp",)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE planned_once")


@pytest.mark.postgres
def test_a_row_that_goes_meanwhile_is_not_the_end(
    several: list[Conversation], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = planned.read

    def late(*arguments: Any) -> list[Any]:
        Conversation.objects.filter(pk=several[0].pk).delete()
        return read(*arguments)

    monkeypatch.setattr(planned, "read", late)
    page = paging.cut(COLUMNS.of(Conversation.objects.all()), order=ORDER, cursor=None, limit=3)
    assert [row["id"] for row in page.rows] == [row.pk for row in several[1:4]]
    assert page.next
