"""Statements that PostgreSQL plans once per connection."""

from typing import Any

import psycopg


class Planned(psycopg.Cursor[Any]):
    """A cursor whose statements PostgreSQL keeps, with their plans.

    Django's own put the values into the text of a statement, so that each is a new one.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Execute a prepared statement."""
        # Django forbids them on its connections, for poolers that pass from one to another.
        former, self.connection.prepare_threshold = self.connection.prepare_threshold, 0
        try:
            return super().execute(query, params, prepare=True, **options)
        finally:
            self.connection.prepare_threshold = former


def cursor(connection: Any) -> Any:
    """Return such a cursor of Django's ``connection``."""
    connection.ensure_connection()
    # It makes errors Django's, and has statements logged where that is wanted.
    return connection._prepare_cursor(Planned(connection.connection))  # noqa: SLF001
