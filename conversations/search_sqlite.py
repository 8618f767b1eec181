"""The search index on SQLite: FTS5 trigrams over names and messages, kept by triggers.

The index has numbers of its own: a table keyed by UUIDs may be renumbered by VACUUM or rebuilt by
a migration. A rebuilt table has lost its triggers; ``install`` notices and fills the index anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

MOST_HITS = 2000
SHORTEST_INDEXED = 3


@dataclass(frozen=True, kw_only=True)
class Index:
    """One searched column: entries number its rows, words hold its trigrams."""

    table: str
    column: str
    owner: str
    """The column that names the conversation."""
    where: str
    """The condition of rows that are searched; ``{row}`` stands for the row."""

    @property
    def entries(self) -> str:
        """The table that numbers the rows."""
        return f"{self.table}_entry"

    @property
    def words(self) -> str:
        """The virtual table that holds the trigrams."""
        return f"{self.table}_words"

    @property
    def triggers(self) -> list[str]:
        """The names of the triggers that maintain the index."""
        return [f"{self.table}_search_{event}" for event in ("insert", "update", "delete")]


NAMES = Index(table="conversations_conversation", column="search_text", owner="id", where="1")
SAID = Index(
    table="conversations_message",
    column="text",
    owner="conversation_id",
    where="{row}.kind <> 'system'",
)
INDEXES = (NAMES, SAID)

_TABLES = (
    "CREATE TABLE IF NOT EXISTS {entries} (id INTEGER PRIMARY KEY,"
    " source char(32) NOT NULL UNIQUE, conversation char(32) NOT NULL)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS {words} USING fts5(text, content='', tokenize='trigram')",
)
_TRIGGERS = (
    """
    CREATE TRIGGER {insert} AFTER INSERT ON {table} WHEN {new} BEGIN
        INSERT INTO {entries} (source, conversation) VALUES (new.id, new.{owner});
        INSERT INTO {words} (rowid, text)
            SELECT id, new.{column} FROM {entries} WHERE source = new.id;
    END
    """,
    """
    CREATE TRIGGER {update} AFTER UPDATE OF {column} ON {table}
    WHEN {new} AND new.{column} IS NOT old.{column} BEGIN
        INSERT INTO {words} ({words}, rowid, text)
            SELECT 'delete', id, old.{column} FROM {entries} WHERE source = old.id;
        INSERT INTO {words} (rowid, text)
            SELECT id, new.{column} FROM {entries} WHERE source = new.id;
    END
    """,
    """
    CREATE TRIGGER {delete} AFTER DELETE ON {table} WHEN {old} BEGIN
        INSERT INTO {words} ({words}, rowid, text)
            SELECT 'delete', id, old.{column} FROM {entries} WHERE source = old.id;
        DELETE FROM {entries} WHERE source = old.id;
    END
    """,
)
_FILL = (
    "DELETE FROM {entries}",
    "INSERT INTO {words} ({words}) VALUES ('delete-all')",
    "INSERT INTO {entries} (source, conversation)"
    " SELECT id, {owner} FROM {table} WHERE {plain} ORDER BY id",
    "INSERT INTO {words} (rowid, text) SELECT {entries}.id, {table}.{column}"
    " FROM {entries} JOIN {table} ON {table}.id = {entries}.source",
)


_NO_TRIGGERS = (
    "DROP TRIGGER IF EXISTS {insert}",
    "DROP TRIGGER IF EXISTS {update}",
    "DROP TRIGGER IF EXISTS {delete}",
)
_NO_TABLES = ("DROP TABLE IF EXISTS {words}", "DROP TABLE IF EXISTS {entries}")
_COUNT = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN (%s, %s, %s)"
_HITS = """
SELECT DISTINCT conversation FROM {entries} WHERE id IN (
    SELECT rowid FROM {words} WHERE {words} MATCH %s ORDER BY rowid DESC LIMIT %s
)
"""
_IN_THE_ROW = """
AND EXISTS (SELECT 1 FROM {table} WHERE id = source AND instr(lower({column}), %s))
"""


def install(connection: Any) -> None:
    """Create what is missing of the index; rebuild it where triggers were lost."""
    with connection.cursor() as cursor:
        for index in INDEXES:
            _run(cursor, index, _TABLES)
            if not _has_triggers(cursor, index):
                _run(cursor, index, (*_NO_TRIGGERS, *_FILL, *_TRIGGERS))


def remove(connection: Any) -> None:
    """Drop the index."""
    with connection.cursor() as cursor:
        for index in INDEXES:
            _run(cursor, index, (*_NO_TRIGGERS, *_NO_TABLES))


def candidates(connection: Any, words: Sequence[str]) -> list[UUID]:
    """Return conversations with every word: the newest 2,000 by name, and by message."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for index in INDEXES:
            cursor.execute(*_query(index, words))
            found.update(row[0] for row in cursor.fetchall())
    return [UUID(key) for key in found]


def _query(index: Index, words: Sequence[str]) -> tuple[str, list[Any]]:
    """Return the query for the newest hits of the long words; short ones are searched in them."""
    long = [word for word in words if len(word) >= SHORTEST_INDEXED]
    short = [word for word in words if len(word) < SHORTEST_INDEXED]
    phrases = " ".join('"' + word.replace('"', '""') + '"' for word in long)
    statement = "".join([_HITS, *[_IN_THE_ROW] * len(short)]).format(**_names(index))
    return statement, [phrases, MOST_HITS, *short]


def _run(cursor: Any, index: Index, statements: Sequence[str]) -> None:
    for statement in statements:
        cursor.execute(statement.format(**_names(index)))


def _has_triggers(cursor: Any, index: Index) -> bool:
    cursor.execute(_COUNT, index.triggers)
    return bool(cursor.fetchone()[0] == len(index.triggers))


def _names(index: Index) -> dict[str, str]:
    insert, update, delete = index.triggers
    return {
        "table": index.table,
        "column": index.column,
        "owner": index.owner,
        "entries": index.entries,
        "words": index.words,
        "insert": insert,
        "update": update,
        "delete": delete,
        "new": index.where.format(row="new"),
        "old": index.where.format(row="old"),
        "plain": index.where.format(row=index.table),
    }
