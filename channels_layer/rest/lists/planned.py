"""Statements that PostgreSQL plans once per connection."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import NotSupportedError


class _Planned(psycopg.Cursor[Any]):
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


def read(connection: Any, statement: str, values: Sequence[Any]) -> list[Any]:
    """Return what a statement reads on Django's ``connection``, by its plan.

    A migration that changes the type of a column makes kept plans useless: the connection is
    made anew then.
    """
    try:
        return _read(connection, statement, values)
    except NotSupportedError:
        if connection.in_atomic_block:
            raise
        connection.close()
        return _read(connection, statement, values)


def _read(connection: Any, statement: str, values: Sequence[Any]) -> list[Any]:
    connection.ensure_connection()
    # It makes errors Django's, and has statements logged where that is wanted.
    with connection._prepare_cursor(_Planned(connection.connection)) as cursor:  # noqa: SLF001
        cursor.execute(statement, values)
        found: list[Any] = cursor.fetchall()
        return found
