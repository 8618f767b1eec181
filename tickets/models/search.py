"""SQLite's table of trigrams, in which tickets are found there."""

from typing import Any

from django.db import models


class TrigramField(models.TextField):  # type: ignore[type-arg]  # no class to index at run time
    """A column of an FTS5 table."""


@TrigramField.register_lookup
class Match(models.Lookup):
    """FTS5's own way to search; the value is a query in its language."""

    lookup_name = "match"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Write ``column MATCH query``."""
        left, values = self.process_lhs(compiler, connection)
        right, more = self.process_rhs(compiler, connection)
        return f"{left} MATCH {right}", (*values, *more)


class SearchEntry(models.Model):
    """A ticket's search text as trigrams; triggers write it, and it exists on SQLite alone."""

    number = models.PositiveIntegerField(primary_key=True, db_column="rowid")
    search_text = TrigramField()

    class Meta:
        managed = False
        db_table = "tickets_search"

    def __str__(self) -> str:
        """Show the number."""
        return f"#{self.number}"
