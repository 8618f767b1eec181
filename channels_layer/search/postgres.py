"""Search indexes on PostgreSQL: GIN indexes of trigrams."""

from collections.abc import Sequence
from typing import Any

from channels_layer.search.index import SearchIndex

_INSTALL = (
    "CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin ({column} gin_trgm_ops) {where}",
    # How often a word occurs decides the shorter plan; the usual sample is too small.
    "ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 300",
)
_REMOVE = ("DROP INDEX IF EXISTS {name}",)
_HITS = "SELECT {owner} FROM {table} WHERE {conditions} ORDER BY {newest} LIMIT %s"


def install(cursor: Any, index: SearchIndex) -> None:
    """Create the index; the extension ``pg_trgm`` is there."""
    where = f"WHERE {_where(index)}" if index.where else ""
    for statement in _INSTALL:
        cursor.execute(
            statement.format(name=index.name, table=index.table, column=index.column, where=where)
        )


def remove(cursor: Any, index: SearchIndex) -> None:
    """Drop the index."""
    for statement in _REMOVE:
        cursor.execute(statement.format(name=index.name))


def newest_hits(index: SearchIndex, words: Sequence[str], most: int) -> tuple[str, list[Any]]:
    """Return the query of the owners of the newest rows that contain every word."""
    like = "LIKE" if index.is_lower else "ILIKE"
    conditions = [_where(index)] if index.where else []
    conditions += [f"{index.column} {like} %s"] * len(words)
    statement = _HITS.format(
        owner=index.owner,
        table=index.table,
        conditions=" AND ".join(conditions),
        newest=index.newest,
    )
    return statement, [*(f"%{_escaped(word)}%" for word in words), most]


def _where(index: SearchIndex) -> str:
    return index.where.format(row="")


def _escaped(word: str) -> str:
    """Escape ``word``, so that LIKE takes it literally."""
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
