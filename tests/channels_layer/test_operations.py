"""Operations of migrations: work on rows in batches, which an interruption does not spoil."""

from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_layer import operations
from conversations.models import Conversation, Variable
from tests import factories

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

PAGES = import_module("conversations.sources.widget.migrations.0003_keep_page_query")
WEBSITES = import_module("conversations.migrations.0018_what_staff_keeps")


def changes(run: Any) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        run(apps, None)
    statements = [query["sql"] for query in queries]
    return [sql for sql in statements if sql.startswith(("UPDATE", "SAVEPOINT"))]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "BATCH", 2)


def test_queries_of_pages_go_batch_by_batch_and_once(noon: datetime) -> None:
    for number in range(5):
        page = {"url": f"https://shop.example/{number}" + ("?token=1" if number % 2 else "")}
        row = factories.conversation(at=noon)
        Conversation.objects.filter(pk=row.pk).update(context={"page": page, "client_id": "a"})

    done = changes(PAGES.drop_queries)

    assert [sql.split()[0] for sql in done].count("SAVEPOINT") == 3
    assert [sql.split()[0] for sql in done].count("UPDATE") == 2
    kept = list(Conversation.objects.order_by("id").values_list("context", flat=True))
    assert kept == [
        {"page": {"url": f"https://shop.example/{number}"}, "client_id": "a"} for number in range(5)
    ]
    assert not [sql for sql in changes(PAGES.drop_queries) if sql.startswith("UPDATE")]


def test_websites_are_told_apart_batch_by_batch(noon: datetime) -> None:
    conversation = factories.conversation(kind="web_widget")
    Variable.objects.bulk_create(
        Variable(
            conversation=conversation,
            name=f"v{number}",
            value="x",
            origin="api",
            origin_name="Victor",
            updated_at=noon,
        )
        for number in range(3)
    )

    assert len([sql for sql in changes(WEBSITES.tell_websites_apart) if "UPDATE" in sql]) == 2

    assert set(Variable.objects.values_list("origin", flat=True)) == {"site"}
    assert changes(WEBSITES.tell_websites_apart) == []


@pytest.mark.parametrize("module", [PAGES, WEBSITES])
def test_the_rows_come_before_the_column(module: Any) -> None:
    assert not module.Migration.atomic
    first, *others = module.Migration.operations
    assert first.reduces_to_sql is False
    assert all(one.atomic for one in others if type(one).__name__.startswith("AddField"))
