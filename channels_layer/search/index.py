"""What is searched: columns of tables, and the rows that are found by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SHORTEST_INDEXED = 3
"""The length of the shortest words that trigrams find."""
LOOKED_THROUGH = 5000
"""The newest rows that are looked through for words that no index finds."""

Sql = tuple[str, list[Any]]
"""A piece of a statement, and its parameters."""


@dataclass(frozen=True, kw_only=True)
class SearchIndex:
    """One searched column of a table, whose rows have UUIDs that rise with time."""

    name: str
    """The name of the index on PostgreSQL."""
    table: str
    column: str
    owner: str = "id"
    """The column that names the row to be found, which may be another table's."""
    newest: str = "id DESC"
    """The order by which hits are the newest."""
    where: str = ""
    """The condition of rows that are searched; ``{row}`` stands before their columns."""
    is_lower: bool = False
    """Whether the column holds lower case alone, as the words do."""
    pairs: str = ""
    """The name on PostgreSQL of a second index by which two characters are found, if any."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """How the rows of a model are found."""

    indexes: tuple[SearchIndex, ...]
    """Whatever one of them finds is found."""
    short: tuple[str, ...] = ()
    """The rows' columns in which words too short for an index are found, in the newest rows."""
    newest: str = "id DESC"
    """The order by which rows are the newest."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to find for one search: the rows of a table by their key, with all of the words."""

    search: Search
    table: str
    words: Sequence[str]
    most: int
    """How many of the newest hits count where there are more."""

    @property
    def key(self) -> str:
        """The column that names a row."""
        return f'"{self.table}"."id"'

    @property
    def has_pairs(self) -> bool:
        """Whether an index finds two characters."""
        return any(index.pairs for index in self.search.indexes)

    @property
    def columns(self) -> list[str]:
        """The rows' own columns in which short words are found."""
        indexed = [one.column for one in self.search.indexes if one.pairs]
        return [*indexed, *self.search.short]

    @property
    def is_short(self) -> bool:
        """Whether no word is long enough for trigrams."""
        return all(len(word) < SHORTEST_INDEXED for word in self.words)


def any_of(conditions: Sequence[Sql]) -> Sql:
    """Return the condition that one of ``conditions`` holds, which fails where there are none."""
    if not conditions:
        return "1 = 0", []
    parameters = [value for _sql, values in conditions for value in values]
    return " OR ".join(f"({sql})" for sql, _values in conditions), parameters


def like(column: str, words: Sequence[str], operator: str = "LIKE") -> Sql:
    """Return the condition that ``column`` contains every word."""
    sql = " AND ".join(rf"{column} {operator} %s ESCAPE '\'" for _ in words)
    return sql, [f"%{_escaped(word)}%" for word in words]


def count_of_newest(wanted: Wanted, condition: Sql, most: int) -> Sql:
    """Return the query of how many of the ``most`` newest rows fulfil the condition."""
    sql, values = condition
    rows = f"SELECT * FROM {wanted.table} ORDER BY {wanted.search.newest} LIMIT {most:d}"  # noqa: S608 - our names
    return f"SELECT count(*) FROM ({rows}) AS {wanted.table} WHERE {sql}", values  # noqa: S608 - our names


def looked_through(wanted: Wanted, column: str, operator: str = "LIKE") -> Sql:
    """Return the query of the newest rows in whose ``column`` the words are."""
    rows = f"SELECT * FROM {wanted.table} ORDER BY {wanted.search.newest} LIMIT {LOOKED_THROUGH:d}"  # noqa: S608 - our names
    sql, values = like(column, wanted.words, operator)
    return f"SELECT id AS key FROM ({rows}) AS newest WHERE {sql}", values  # noqa: S608 - our names


def _escaped(word: str) -> str:
    """Escape ``word``, so that LIKE takes it literally."""
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
