"""Columns of lists, compiled once per process; the filters of a request are compiled beside them.

Django compiles the whole of a statement anew at each use, which takes many times as long as the
database needs for a page. Of a list's statement the filters alone differ from use to use.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q, QuerySet

from channels_layer.prepared import Slot
from channels_layer.rest.lists import conversions, planned

Values = QuerySet[Any, dict[str, Any]]
Row = TypeVar("Row")
Sql = tuple[str, Sequence[Any]]


class Columns:
    """What the rows of a list have; ``build`` returns its ``.values()``, without any filter.

    Its joins must not multiply rows. Values that differ from use to use are slots.
    """

    def __init__(self, build: Callable[[], Values]) -> None:
        """Build and compile at the first use."""
        self._build = build
        self._plan: _Plan | None = None

    def of(self, rows: QuerySet[Any], **values: Any) -> "Rows[dict[str, Any]]":
        """Return ``rows``, which has only filters and an order, with these columns."""
        return Rows(self, rows, values)

    def read(
        self, page: "Rows[Any]", *, steps: Sequence[str], keys: Sequence[Any], limit: int
    ) -> Any:
        """Return what ``Rows.read`` returns."""
        connection = connections[DEFAULT_DB_ALIAS]
        if self._plan is None or self._plan.vendor != connection.vendor:
            self._plan = _Plan(self._build(), connection)
        return self._plan.read(page, steps, keys, limit, connection)


class Rows(Generic[Row]):
    """Rows of a list with their columns, read when they are asked for."""

    def __init__(self, columns: Columns, rows: QuerySet[Any], values: dict[str, Any]) -> None:
        """Fill the slots of ``columns`` with ``values``."""
        self.columns = columns
        self.rows = rows
        self.values = values
        self.model = rows.model

    def __iter__(self) -> Iterator[Row]:
        """Read all of them in their order."""
        steps = [str(name) for name in self.rows.query.order_by]
        return iter(self.read(steps=steps))

    def read(self, *, steps: Sequence[str], keys: Sequence[Any] = (), limit: int = 0) -> list[Row]:
        """Read those beyond ``keys`` in the order ``steps``; ``limit`` of them unless it is 0."""
        found: list[Row] = self.columns.read(self, steps=steps, keys=keys, limit=limit)
        return found


def beyond(steps: Sequence[str], keys: Sequence[Any]) -> Q:
    """Return the condition of the rows after the one with ``keys`` in the order ``steps``."""
    name = steps[0].removeprefix("-")
    side = "lt" if steps[0].startswith("-") else "gt"
    strictly = Q(**{f"{name}__{side}": keys[0]})
    if len(steps) == 1:
        return strictly
    # The outer bound lets the index of the first column cut the range.
    return Q(**{f"{name}__{side}e": keys[0]}) & (strictly | beyond(steps[1:], keys[1:]))


class _Plan:
    """What is kept of the columns: their SQL, and what makes values of what is read."""

    def __init__(self, queryset: Values, connection: BaseDatabaseWrapper) -> None:
        compiler: Any = queryset.query.get_compiler(connection=connection)
        query: Any = queryset.query
        self.vendor = connection.vendor
        self._model = queryset.model
        self._sql, self._parameters = compiler.as_sql()
        self._names = list(query.selected)
        self._conversions = [
            (self._names[index], conversions.quickest(found, expression, connection))
            for index, (found, expression) in compiler.get_converters(
                [one for one, _sql, _alias in compiler.select]
            ).items()
        ]
        options: Any = queryset.model._meta
        self._key = _column(queryset.model, options.pk.name)
        self._bounds: dict[tuple[str, ...], Sql] = {}

    def read(
        self,
        page: Rows[Any],
        steps: Sequence[str],
        keys: Sequence[Any],
        limit: int,
        connection: BaseDatabaseWrapper,
    ) -> list[dict[str, Any]]:
        try:
            chosen = self._chosen(page.rows, steps, keys, limit, connection)
        except EmptyResultSet:
            return []
        outer = [
            one.filled(page.values, connection) if isinstance(one, Slot) else one
            for one in self._parameters
        ]
        if self.vendor == "postgresql":
            found = self._read_planned(chosen, outer, steps, connection)
            # A row that went between the two statements would look like the end of the list.
            return found if found is not None else self.read(page, steps, keys, limit, connection)
        statement = f"{self._sql} WHERE {self._key} IN ({chosen[0]}){_order(self._model, steps)}"
        with connection.cursor() as cursor:
            cursor.execute(statement, (*outer, *chosen[1]))
            return [self._row(row) for row in cursor.fetchall()]

    def _read_planned(
        self, chosen: Sql, outer: list[Any], steps: Sequence[str], connection: Any
    ) -> list[dict[str, Any]] | None:
        """Read the keys first, then the columns by a statement that PostgreSQL has planned.

        To plan the joins takes ten times as long as to read the rows. None where a row went.
        """
        with connection.cursor() as cursor:
            cursor.execute(*chosen)
            keys = [row[0] for row in cursor.fetchall()]
        if not keys:
            return []
        statement = f"{self._sql} WHERE {self._key} = ANY(%s){_order(self._model, steps)}"
        found = planned.read(connection, statement, (*outer, keys))
        return [self._row(row) for row in found] if len(found) == len(keys) else None

    def _row(self, found: Sequence[Any]) -> dict[str, Any]:
        row = dict(zip(self._names, found, strict=True))
        for name, convert in self._conversions:
            if row[name] is not None:
                row[name] = convert(row[name])
        return row

    def _chosen(
        self,
        rows: QuerySet[Any],
        steps: Sequence[str],
        keys: Sequence[Any],
        limit: int,
        connection: BaseDatabaseWrapper,
    ) -> Sql:
        """Return the statement of the keys of the page's rows."""
        query: Any = rows.query
        if query.distinct or query.is_sliced or query.combinator:
            message = "A list takes filters and an order, no slices."
            raise TypeError(message)
        query.get_initial_alias()
        compiler = query.get_compiler(connection=connection)
        tables, parameters = compiler.get_from_clause()
        conditions = []
        for sql, values in (_where(compiler, query), self._bound(steps, keys, connection)):
            if sql:
                conditions.append(f"({sql})")
                parameters = [*parameters, *values]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        most = f" LIMIT {limit:d}" if limit else ""
        order = _order(self._model, steps) if limit else ""
        sql = f"SELECT {self._key} FROM {' '.join(tables)}{where}{order}{most}"  # noqa: S608 - our names
        return sql, parameters

    def _bound(
        self, steps: Sequence[str], keys: Sequence[Any], connection: BaseDatabaseWrapper
    ) -> Sql:
        """Return the condition of rows beyond ``keys``; nothing without any."""
        if not keys:
            return "", ()
        names = [name.removeprefix("-") for name in steps]
        if (bound := self._bounds.get(tuple(steps))) is None:
            open_keys = [Slot(self._model, name) for name in names]
            query: Any = QuerySet(self._model).filter(beyond(steps, open_keys)).query
            bound = _where(query.get_compiler(connection=connection), query)
            self._bounds[tuple(steps)] = bound
        sql, slots = bound
        values = dict(zip(names, keys, strict=True))
        return sql, [slot.filled(values, connection) for slot in slots]


def _where(compiler: Any, query: Any) -> Sql:
    """Return the filters of a query, empty where it has none."""
    try:
        found: Sql = compiler.compile(query.where)
    except FullResultSet:
        return "", ()
    return found


@lru_cache(maxsize=256)
def _order_of(model: Any, steps: tuple[str, ...]) -> str:
    words = [
        f"{_column(model, step.removeprefix('-'))} {'DESC' if step.startswith('-') else 'ASC'}"
        for step in steps
    ]
    return f" ORDER BY {', '.join(words)}" if words else ""


def _order(model: Any, steps: Sequence[str]) -> str:
    return _order_of(model, tuple(steps))


def _column(model: Any, name: str) -> str:
    """Return a column of a list's own table as statements name it."""
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    options = model._meta
    field = options.pk if name == "pk" else options.get_field(name)
    return f"{quote(options.db_table)}.{quote(field.column)}"
