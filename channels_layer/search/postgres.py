"""Search indexes on PostgreSQL: GIN indexes of trigrams.

A GIN index yields all hits at once and each of them is read to be sure, so it serves words that
are rare. Words that are common, among the newest rows and in a sample of all, are looked for from
the newest row on: a page is full before long. The rows themselves tell which it is, for the
planner's estimates of parts of words are often wrong by a factor of a hundred.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from channels_layer.search.index import (
    SearchIndex,
    Sql,
    Wanted,
    any_of,
    count_of_newest,
    like,
    looked_through,
)

PAIR = 2
BLOCK = 8192
LOOKED_AT = 1000
COMMON = 6
"""Hits among the newest rows looked at that make a word common."""
SAMPLED = 64
"""Blocks of a table, a thousand rows or so, by which a word is seen to be common everywhere."""
SELDOM = 3
"""By how much less often a common word may stand in the sample than among the newest rows."""

LONGEST_NUMBER = 6
"""Digits at the end of a number that an index is asked for."""
LEAST_TRIGRAMS = 3
_NUMBER = re.compile(r"[0-9]{4,}")

_INSTALL = (
    "CREATE INDEX{way} IF NOT EXISTS {name} ON {table} USING gin ({column} gin_trgm_ops) {where}",
    # How often a word occurs decides the shorter plan; the usual sample is too small.
    "ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 300",
)
_INSTALL_PAIRS = (
    "CREATE INDEX{way} IF NOT EXISTS {pairs} ON {table} USING gin ({spread} gin_trgm_ops) {where}"
)
_INVALID = (
    "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
    " WHERE NOT indisvalid AND relname = ANY(%s)"
)
_SPREAD = r"regexp_replace({column}, '(.)', '\10', 'g')"
"""A text with a digit after each character, so that two of them make a trigram."""


def install(cursor: Any, index: SearchIndex) -> None:
    """Create the indexes; the extension ``pg_trgm`` is there."""
    _install(cursor, index)


def install_meanwhile(cursor: Any, index: SearchIndex) -> None:
    """Create the indexes outside of a transaction, while others write to the table.

    What is left of one whose creation was interrupted is removed first.
    """
    names = [name for name in (index.name, index.pairs) if name]
    cursor.execute(_INVALID, [names])
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP INDEX CONCURRENTLY {name}")
    _install(cursor, index, " CONCURRENTLY")


def _install(cursor: Any, index: SearchIndex, way: str = "") -> None:
    for statement in (*_INSTALL, *([_INSTALL_PAIRS] if index.pairs else [])):
        cursor.execute(
            statement.format(
                way=way,
                name=index.name,
                pairs=index.pairs,
                table=index.table,
                column=index.column,
                spread=_SPREAD.format(column=index.column),
                where=f"WHERE {_where(index)}" if index.where else "",
            )
        )


def remove(cursor: Any, index: SearchIndex) -> None:
    """Drop the indexes."""
    for name in filter(None, (index.name, index.pairs)):
        cursor.execute(f"DROP INDEX IF EXISTS {name}")


def condition(wanted: Wanted, cursor: Any) -> Sql:
    """Return the condition of the rows that are wanted."""
    if wanted.is_short:
        return _short(wanted, cursor)
    hits: list[Sql] = []
    conditions: list[Sql] = []
    indexes = wanted.search.indexes
    for index, is_common in zip(indexes, _are_common(indexes, wanted.words, cursor), strict=True):
        if is_common:
            conditions.append(_in_row(index, wanted))
        else:
            hits.append(_newest_hits(index, wanted))
    return any_of([*_among(hits, wanted, cursor), *conditions])


def _short(wanted: Wanted, cursor: Any) -> Sql:
    """Return the condition of the rows that contain words too short for trigrams."""
    own = any_of(
        [
            like(_folding(f'"{wanted.table}".{column}', wanted.words), wanted.words, "ILIKE")
            for column in wanted.columns
        ]
    )
    if not wanted.has_pairs:
        return own
    cursor.execute(*count_of_newest(wanted, own, LOOKED_AT))
    if cursor.fetchone()[0] >= COMMON:
        return own
    hits: list[Sql] = [
        looked_through(wanted, _folding(column, wanted.words), "ILIKE")
        for column in wanted.search.short
    ]
    conditions: list[Sql] = []
    for index in wanted.search.indexes:
        if not index.pairs:
            continue
        if any(len(word) == PAIR for word in wanted.words):
            hits.append(_pair_hits(index, wanted))
        else:
            conditions.append(_in_row(index, wanted))
    return any_of([*_among(hits, wanted, cursor), *conditions])


def _are_common(
    indexes: Sequence[SearchIndex], words: Sequence[str], cursor: Any
) -> Iterator[bool]:
    """Yield for each index whether enough of its newest rows contain the words."""
    counts, parameters = [], []
    for index in indexes:
        where = f"WHERE {_where(index)}" if index.where else ""
        rows = (
            f"SELECT {index.column} FROM {index.table} {where}"  # noqa: S608 - our names
            f" ORDER BY {index.newest} LIMIT {LOOKED_AT:d}"
        )
        sql, values = _contains(index, words)
        counts.append(f"(SELECT count(*) FROM ({rows}) AS newest WHERE {sql})")  # noqa: S608
        parameters += values
    cursor.execute(f"SELECT {', '.join(counts)}", parameters)
    found = cursor.fetchone()
    for index, count in zip(indexes, found, strict=True):
        yield count >= COMMON and _is_everywhere(index, words, cursor)


def _is_everywhere(index: SearchIndex, words: Sequence[str], cursor: Any) -> bool:
    """Return whether the words stand in old rows as well, so that no search walks through all."""
    sql, values = _contains(index, words)
    percent = f"least(100, {100 * SAMPLED}.0 * {BLOCK} / greatest(pg_relation_size(%s), 1))"
    cursor.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {sql}) FROM {index.table}"  # noqa: S608 - our names
        f" TABLESAMPLE SYSTEM ({percent})",
        [*values, index.table],
    )
    rows, hits = cursor.fetchone()
    return bool(hits * SELDOM * LOOKED_AT >= COMMON * rows)


def _in_row(index: SearchIndex, wanted: Wanted) -> Sql:
    """Return the condition that a row, or a row that it owns, contains the words."""
    if index.owner == "id":
        return like(f'"{index.table}".{index.column}', wanted.words)
    sql, values = _contains(index, wanted.words)
    where = f"AND {_where(index)} " if index.where else ""
    rows = f"SELECT 1 FROM {index.table} WHERE {index.owner} = {wanted.key} {where}AND {sql}"  # noqa: S608 - our names
    # The offset keeps the planner from reading all messages into a table of what it may meet.
    return f"EXISTS ({rows} OFFSET 0)", values


def _newest_hits(index: SearchIndex, wanted: Wanted) -> Sql:
    """Return the query of the owners of the newest rows that contain every word."""
    operator = "LIKE" if index.is_lower else "ILIKE"
    parts = [rarest(word) for word in wanted.words]
    sql, values = like(index.column, parts, operator)
    if parts != wanted.words:
        # What the index has found is looked at once more, in a way that it does not serve.
        exact, words = like(f"({index.column} || '')", wanted.words, operator)
        sql, values = f"{sql} AND {exact}", [*values, *words]
    where = f"{_where(index)} AND " if index.where else ""
    return (
        f"SELECT {index.owner} AS key FROM {index.table} WHERE {where}{sql}"  # noqa: S608 - our names
        f" ORDER BY {index.newest} LIMIT {wanted.most:d}",
        values,
    )


def rarest(word: str) -> str:
    """Return the part of a word that an index is asked for.

    Numbers differ at their end, and what stands before them, such as +46 or order-, is everywhere:
    an index reads all rows that have one of the trigrams. One of few trigrams, such as 999990, is
    not enough by itself.
    """
    numbers = [number[-LONGEST_NUMBER:] for number in _NUMBER.findall(word)]
    longest = max(numbers, key=len, default=word)
    trigrams = {longest[start : start + 3] for start in range(len(longest) - 2)}
    return longest if len(trigrams) >= LEAST_TRIGRAMS else word


def _pair_hits(index: SearchIndex, wanted: Wanted) -> Sql:
    """Return the query of the rows that contain words of two characters."""
    pairs = [f"{word[0]}0{word[1]}0" for word in wanted.words if len(word) == PAIR]
    spread, spread_values = like(_SPREAD.format(column=index.column), pairs)
    sql, values = like(index.column, wanted.words)
    return (
        f"SELECT {index.owner} AS key FROM {index.table} WHERE {spread} AND {sql}"  # noqa: S608 - our names
        f" ORDER BY {index.newest} LIMIT {wanted.most:d}",
        [*spread_values, *values],
    )


def _among(hits: Sequence[Sql], wanted: Wanted, cursor: Any) -> list[Sql]:
    """Return the condition that a row is one of the hits, if there are any.

    They are read by themselves: from their number the planner knows whether to look them up or to
    walk the list until the page is full. They come and go as one text.
    """
    if not hits:
        return []
    queries = " UNION ".join(f"({sql})" for sql, _values in hits)
    values = [value for _sql, values in hits for value in values]
    cursor.execute(f"SELECT array_agg(key)::text FROM ({queries}) AS hits", values)  # noqa: S608 - our names
    keys = cursor.fetchone()[0]
    return [(f"{wanted.key} = ANY(%s::uuid[])", [keys])] if keys else []


def _contains(index: SearchIndex, words: Sequence[str]) -> Sql:
    """Return the condition, which no index serves, that a row contains the words."""
    if index.is_lower:
        return like(index.column, words)
    return like(_folding(index.column, words), words, "ILIKE")


def _folding(column: str, words: Sequence[str]) -> str:
    """Return the column with the quicker rules of upper and lower case where they will do."""
    return f'{column} COLLATE "C"' if all(word.isascii() for word in words) else column


def _where(index: SearchIndex) -> str:
    return index.where.format(row="")
