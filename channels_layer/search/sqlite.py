"""Search indexes on SQLite: FTS5 tables of trigrams, kept by triggers.

An index has numbers of its own: a table keyed by UUIDs may be renumbered by VACUUM or rebuilt by
a migration. A rebuilt table has lost its triggers; ``install`` notices and fills the index anew.
"""

from collections.abc import Sequence
from typing import Any

from channels_layer.search.index import (
    SHORTEST_INDEXED,
    SearchIndex,
    Sql,
    Wanted,
    any_of,
    count_of_newest,
    like,
    looked_through,
)

LOOKED_AT = 300
COMMON = 15
"""Rows with short words among the newest ones looked at that make the words common."""
MOST_TERMS = 200
"""Trigrams with which a short word may begin to be found by them."""
_HIGHEST = chr(0x10FFFF)

_TABLES = (
    "CREATE TABLE IF NOT EXISTS {entries} (id INTEGER PRIMARY KEY,"
    " source char(32) NOT NULL UNIQUE, owner char(32) NOT NULL)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS {words} USING fts5(text, content='', tokenize='trigram')",
)
_TERMS = "CREATE VIRTUAL TABLE IF NOT EXISTS {terms} USING fts5vocab({words}, 'row')"
_TRIGGERS = (
    """
    CREATE TRIGGER {insert} AFTER INSERT ON {table} WHEN {new} BEGIN
        INSERT INTO {entries} (source, owner) VALUES (new.id, new.{owner});
        INSERT INTO {words} (rowid, text)
            SELECT id, {new_text} FROM {entries} WHERE source = new.id;
    END
    """,
    """
    CREATE TRIGGER {update} AFTER UPDATE OF {column} ON {table}
    WHEN {new} AND new.{column} IS NOT old.{column} BEGIN
        INSERT INTO {words} ({words}, rowid, text)
            SELECT 'delete', id, {old_text} FROM {entries} WHERE source = old.id;
        INSERT INTO {words} (rowid, text)
            SELECT id, {new_text} FROM {entries} WHERE source = new.id;
    END
    """,
    """
    CREATE TRIGGER {delete} AFTER DELETE ON {table} WHEN {old} BEGIN
        INSERT INTO {words} ({words}, rowid, text)
            SELECT 'delete', id, {old_text} FROM {entries} WHERE source = old.id;
        DELETE FROM {entries} WHERE source = old.id;
    END
    """,
)
_FILL = (
    "DELETE FROM {entries}",
    "INSERT INTO {words} ({words}) VALUES ('delete-all')",
    "INSERT INTO {entries} (source, owner)"
    " SELECT id, {owner} FROM {table} WHERE {plain} ORDER BY id",
    "INSERT INTO {words} (rowid, text) SELECT {entries}.id, {text}"
    " FROM {entries} JOIN {table} ON {table}.id = {entries}.source",
)
_NO_TRIGGERS = (
    "DROP TRIGGER IF EXISTS {insert}",
    "DROP TRIGGER IF EXISTS {update}",
    "DROP TRIGGER IF EXISTS {delete}",
)
_NO_TERMS = "DROP TABLE IF EXISTS {terms}"
_NO_TABLES = ("DROP TABLE IF EXISTS {words}", "DROP TABLE IF EXISTS {entries}")
_COUNT = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN (%s, %s, %s)"
_HITS = """
SELECT owner AS key FROM {entries} WHERE id IN (
    SELECT rowid FROM {words} WHERE {words} MATCH %s ORDER BY rowid DESC LIMIT %s
)
"""
_IN_THE_ROW = """
AND EXISTS (SELECT 1 FROM {table} WHERE id = source AND instr(lower({column}), %s))
"""
_BEGINNING = "SELECT term FROM {terms} WHERE term >= %s AND term < %s LIMIT %s"


def install(cursor: Any, index: SearchIndex) -> None:
    """Create what is missing of the index; rebuild it where triggers were lost."""
    _run(cursor, index, _TABLES)
    if index.pairs:
        _run(cursor, index, [_TERMS])
    if not _has_triggers(cursor, index):
        _run(cursor, index, (*_NO_TRIGGERS, *_FILL, *_TRIGGERS))


def remove(cursor: Any, index: SearchIndex) -> None:
    """Drop the index."""
    _run(cursor, index, (_NO_TERMS, *_NO_TRIGGERS, *_NO_TABLES))


def condition(wanted: Wanted, cursor: Any) -> Sql:
    """Return the condition of the rows that are wanted."""
    if not wanted.is_short:
        return _among([_newest_hits(index, wanted) for index in wanted.search.indexes], wanted)
    own = any_of([like(f'"{wanted.table}".{column}', wanted.words) for column in wanted.columns])
    if not wanted.has_pairs:
        return own
    cursor.execute(*count_of_newest(wanted, own, LOOKED_AT))
    if cursor.fetchone()[0] >= COMMON:
        return own
    return _short_hits(wanted, cursor)


def _short_hits(wanted: Wanted, cursor: Any) -> Sql:
    """Return the condition of the rows that contain words that are short and not common."""
    hits: list[Sql] = [looked_through(wanted, column) for column in wanted.search.short]
    conditions: list[Sql] = []
    for index in wanted.search.indexes:
        if not index.pairs:
            continue
        matching = _beginning_with(index, wanted.words, cursor)
        if matching is None:
            conditions.append(like(f'"{index.table}".{index.column}', wanted.words))
        elif matching:
            hits.append((_HITS.format(**_names(index)), [matching, wanted.most]))
    return any_of([_among(hits, wanted), *conditions])


def _newest_hits(index: SearchIndex, wanted: Wanted) -> Sql:
    """Return the query of the owners of the newest rows that contain every word.

    The newest are those with the long words; short words are searched in them.
    """
    long = [word for word in wanted.words if len(word) >= SHORTEST_INDEXED]
    short = [word for word in wanted.words if len(word) < SHORTEST_INDEXED]
    phrases = " ".join(map(_phrase, long))
    statement = "".join([_HITS, *[_IN_THE_ROW] * len(short)]).format(**_names(index))
    return statement, [phrases, wanted.most, *short]


def _beginning_with(index: SearchIndex, words: Sequence[str], cursor: Any) -> str | None:
    """Return what to match for short words by the trigrams that begin with them.

    Nothing where there are none; None where so many begin so that most texts have one of them.
    """
    matching = []
    for word in words:
        statement = _BEGINNING.format(**_names(index))
        cursor.execute(statement, [word, word + _HIGHEST, MOST_TERMS + 1])
        terms = [_phrase(row[0]) for row in cursor.fetchall()]
        if len(terms) > MOST_TERMS:
            return None
        if not terms:
            return ""
        matching.append(f"({' OR '.join(terms)})")
    return " AND ".join(matching)


def _among(hits: Sequence[Sql], wanted: Wanted) -> Sql:
    """Return the condition that a row is one of the hits."""
    queries = " UNION ".join(sql for sql, _values in hits)
    values = [value for _sql, values in hits for value in values]
    return f"{wanted.key} IN ({queries})", values


def _phrase(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


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
    # After the last character, too, a pair of characters has another one behind it.
    tail = " || ' '" if index.pairs else ""
    return {
        "table": index.table,
        "column": index.column,
        "owner": index.owner,
        "entries": f"{index.table}_entry",
        "words": f"{index.table}_words",
        "terms": f"{index.table}_terms",
        "text": f"{index.table}.{index.column}{tail}",
        "new_text": f"new.{index.column}{tail}",
        "old_text": f"old.{index.column}{tail}",
        "insert": insert,
        "update": update,
        "delete": delete,
        "new": where.format(row="new."),
        "old": where.format(row="old."),
        "plain": where.format(row=""),
    }
