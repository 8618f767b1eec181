"""Search indexes on SQLite: FTS5 tables of trigrams, kept by triggers.

An index has numbers of its own: a table keyed by UUIDs may be renumbered by VACUUM or rebuilt by
a migration. A rebuilt table has lost its triggers; ``install`` notices and fills the index anew.
"""

from collections.abc import Sequence
from typing import Any

from channels_layer.search.index import SHORTEST_INDEXED, SearchIndex

_TABLES = (
    "CREATE TABLE IF NOT EXISTS {entries} (id INTEGER PRIMARY KEY,"
    " source char(32) NOT NULL UNIQUE, owner char(32) NOT NULL)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS {words} USING fts5(text, content='', tokenize='trigram')",
)
_TRIGGERS = (
    """
    CREATE TRIGGER {insert} AFTER INSERT ON {table} WHEN {new} BEGIN
        INSERT INTO {entries} (source, owner) VALUES (new.id, new.{owner});
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
    "INSERT INTO {entries} (source, owner)"
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
SELECT DISTINCT owner FROM {entries} WHERE id IN (
    SELECT rowid FROM {words} WHERE {words} MATCH %s ORDER BY rowid DESC LIMIT %s
)
"""
_IN_THE_ROW = """
AND EXISTS (SELECT 1 FROM {table} WHERE id = source AND instr(lower({column}), %s))
"""


def install(cursor: Any, index: SearchIndex) -> None:
    """Create what is missing of the index; rebuild it where triggers were lost."""
    _run(cursor, index, _TABLES)
    if not _has_triggers(cursor, index):
        _run(cursor, index, (*_NO_TRIGGERS, *_FILL, *_TRIGGERS))


def remove(cursor: Any, index: SearchIndex) -> None:
    """Drop the index."""
    _run(cursor, index, (*_NO_TRIGGERS, *_NO_TABLES))


def newest_hits(index: SearchIndex, words: Sequence[str], most: int) -> tuple[str, list[Any]]:
    """Return the query of the owners of the newest rows that contain every word.

    The newest are those with the long words; short words are searched in them.
    """
    long = [word for word in words if len(word) >= SHORTEST_INDEXED]
    short = [word for word in words if len(word) < SHORTEST_INDEXED]
    phrases = " ".join('"' + word.replace('"', '""') + '"' for word in long)
    statement = "".join([_HITS, *[_IN_THE_ROW] * len(short)]).format(**_names(index))
    return statement, [phrases, most, *short]


def triggers(index: SearchIndex) -> list[str]:
    """Return the names of the triggers that maintain the index."""
    return [f"{index.table}_search_{event}" for event in ("insert", "update", "delete")]


def _run(cursor: Any, index: SearchIndex, statements: Sequence[str]) -> None:
    for statement in statements:
        cursor.execute(statement.format(**_names(index)))


def _has_triggers(cursor: Any, index: SearchIndex) -> bool:
    names = triggers(index)
    cursor.execute(_COUNT, names)
    return bool(cursor.fetchone()[0] == len(names))


def _names(index: SearchIndex) -> dict[str, str]:
    insert, update, delete = triggers(index)
    where = index.where or "1"
    return {
        "table": index.table,
        "column": index.column,
        "owner": index.owner,
        "entries": f"{index.table}_entry",
        "words": f"{index.table}_words",
        "insert": insert,
        "update": update,
        "delete": delete,
        "new": where.format(row="new."),
        "old": where.format(row="old."),
        "plain": where.format(row=""),
    }
