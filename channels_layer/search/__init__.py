"""Search: rows whose text contains words, by trigrams, on PostgreSQL and on SQLite.

An app describes what it searches with a ``Search``, creates its indexes in a migration and has
them healed after migrations.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeVar

from django.apps import AppConfig
from django.db import connections
from django.db.migrations import RunPython
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.signals import post_migrate

from channels_layer.search import postgres, sqlite
from channels_layer.search.index import Search, SearchIndex, Wanted

__all__ = [
    "Search",
    "SearchIndex",
    "all_words",
    "creation",
    "heal_after_migrations",
    "install",
    "install_meanwhile",
    "matching",
    "remove",
    "words_of",
]

MOST_HITS = 2000
MOST_WORDS = 8
LONGEST = 200

Rows = TypeVar("Rows", bound=QuerySet[Any])


def matching(search: Search, rows: Rows, text: str, *, also: Q | None = None) -> Rows:
    """Keep ``rows`` that are ``also``, or of which one text contains every word of ``text``.

    Words are parts of words in any case. Of words in very many texts at least the newest 2,000
    count. Words of one or two characters alone are found where the search says.
    """
    words = words_of(text)
    if not words:
        return rows
    table = rows.model._meta.db_table
    wanted = Wanted(search=search, table=table, words=words, most=MOST_HITS)
    connection = connections[rows.db]
    with connection.cursor() as cursor:
        sql, values = _adapter(connection).condition(wanted, cursor)
    found = RawSQL(sql, values, output_field=BooleanField())  # noqa: S611 - its own words are values
    return rows.filter(Q(found) | (also or Q()))


def words_of(text: str) -> list[str]:
    """Return the words to search for, in lower case, each once."""
    plain = text.replace("\x00", " ")[:LONGEST].lower()
    return list(dict.fromkeys(plain.split()))[:MOST_WORDS]


def all_words(lookup: str, words: Sequence[str]) -> Q:
    """Return the condition that ``lookup`` holds of every word."""
    wanted = Q()
    for word in words:
        wanted &= Q(**{lookup: word})
    return wanted


def install(connection: Any, indexes: Sequence[SearchIndex]) -> None:
    """Create the indexes, so far as they are missing or lost their triggers."""
    with connection.cursor() as cursor:
        for index in indexes:
            _adapter(connection).install(cursor, index)


def install_meanwhile(connection: Any, indexes: Sequence[SearchIndex]) -> None:
    """Create on PostgreSQL what is missing, outside of a transaction, while others write."""
    with connection.cursor() as cursor:
        for index in indexes:
            postgres.install_meanwhile(cursor, index)


def remove(connection: Any, indexes: Sequence[SearchIndex]) -> None:
    """Drop the indexes."""
    with connection.cursor() as cursor:
        for index in indexes:
            _adapter(connection).remove(cursor, index)


def creation(*indexes: SearchIndex) -> RunPython:
    """Return the operation of a migration that creates the indexes."""
    return RunPython(
        lambda _apps, editor: install(editor.connection, indexes),
        lambda _apps, editor: remove(editor.connection, indexes),
    )


def heal_after_migrations(app: AppConfig, search: Search) -> None:
    """Rebuild indexes of ``app`` on SQLite where a rebuilt table has lost its triggers."""
    post_migrate.connect(partial(_heal, search), sender=app, weak=False)


def _heal(search: Search, *, using: str, **signal: Any) -> None:
    del signal
    connection = connections[using]
    if connection.vendor == "sqlite":
        tables = connection.introspection.table_names()
        install(connection, [index for index in search.indexes if index.table in tables])


def _adapter(connection: Any) -> Any:
    return postgres if connection.vendor == "postgresql" else sqlite
