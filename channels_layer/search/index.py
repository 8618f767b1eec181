"""What is searched: columns of tables, and the rows that are found by them."""

from dataclasses import dataclass

SHORTEST_INDEXED = 3
"""The length of the shortest words that trigrams find."""


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


@dataclass(frozen=True, kw_only=True)
class Search:
    """How the rows of a model are found."""

    indexes: tuple[SearchIndex, ...]
    """Whatever one of them finds is found."""
    short: tuple[str, ...]
    """The lookups by which words are found that are too short for trigrams."""
