"""Prepared statements: what is read and written with every message, compiled once per process.

Django builds and compiles the SQL of a query anew at each use, which costs several times what the
database needs for it. A prepared one is compiled by Django at its first use; later uses bring
their values alone.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, QuerySet, get_related_populators
from django.db.models.signals import post_init, pre_init
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Row_co = TypeVar("Row_co", covariant=True)


_PLAIN: dict[type[Any], type] = {
    models.CharField: str,
    models.TextField: str,
    models.BooleanField: bool,
}
_WAYS = ("pre_save", "get_db_prep_save", "get_db_prep_value", "get_prep_value")
"""What a field does to a value before it is written."""


class Slot(models.Expression):
    """The place of a value in a prepared query: each use brings it by its name."""

    def __init__(self, model: type[models.Model], field: str, *, name: str = "") -> None:
        """Take values of a ``field`` of ``model``, ``pk`` for its key; called so, or ``name``."""
        found: Any = model._meta.pk if field == "pk" else model._meta.get_field(field)
        super().__init__(output_field=found)
        self.name = name or field

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """Stand for itself among the parameters."""
        del compiler, connection
        return "%s", [self]

    def filled(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> Any:
        """Return its value as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Prepared(Generic[Row_co]):
    """A query whose slots are filled at each use; ``build`` returns its queryset, once.

    Rows that it locks are locked until the transaction ends.
    """

    def __init__(self, build: "Callable[[], QuerySet[Any, Row_co]]") -> None:
        """Build and compile at the first use."""
        self._build = build
        self._plan: _Plan | None = None

    def rows(self, **values: Any) -> list[Row_co]:
        """Return the rows for ``values``."""
        connection = connections[DEFAULT_DB_ALIAS]
        if self._plan is None or self._plan.vendor != connection.vendor:
            self._plan = _Plan(self._build(), connection)
        return list(self._plan.rows(values, connection))

    def first(self, **values: Any) -> Row_co | None:
        """Return the first row for ``values``, None where there is none."""
        return next(iter(self.rows(**values)), None)


class _Plan:
    """What is kept of a query: its compiler, which has done its work, and its SQL."""

    def __init__(self, queryset: Any, connection: BaseDatabaseWrapper) -> None:
        self.vendor = connection.vendor
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(connection=connection)
        self._sql, self._parameters = self._compiler.as_sql()
        shown = [one for one, _sql, _alias in self._compiler.select[: self._compiler.col_count]]
        self._converters: Any = self._compiler.get_converters(shown)
        self._maker = _Maker.of(queryset, self._compiler, connection)

    def rows(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> Any:
        queryset = self._queryset
        if queryset.query.select_for_update and not connection.in_atomic_block:
            message = "Rows are locked within a transaction."
            raise TransactionManagementError(message)
        statement = (self._sql, _filled(self._parameters, values, connection))
        if self._maker is not None:
            with connection.cursor() as cursor:
                cursor.execute(*statement)
                found: Any = cursor.fetchall()
            return [self._maker.made(self._converted(row, connection)) for row in found]
        compiler = _Compiled(self._compiler, connection, statement, self._converters)
        query: Any = _Query(queryset.query, compiler)
        use: Any = type(queryset)(queryset.model, query, connection.alias)
        use._fields = queryset._fields
        return queryset._iterable_class(use)  # noqa: SLF001 - it makes rows of what is read

    def _converted(self, row: Any, connection: BaseDatabaseWrapper) -> Any:
        values = list(row)
        for place, (converters, expression) in self._converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return values


class _Maker:
    """Makes rows of models, with their relations, as Django does, by what is known beforehand."""

    def __init__(self, compiler: SQLCompiler, db: str) -> None:
        info: Any = compiler.klass_info
        chosen = info["select_fields"]
        self._columns = slice(chosen[0], chosen[-1] + 1)
        self._names = [one[0].target.attname for one in compiler.select[self._columns]]
        self._model, self._db = info["model"], db
        populators: Any = get_related_populators
        self._relations = populators(info, compiler.select, db)
        for relation in _all(self._relations):
            relation.model_cls = _Instances(relation.model_cls)
        self._instances = _Instances(self._model)

    @classmethod
    def of(
        cls, queryset: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> "_Maker | None":
        """Return one for plain rows of models; None for values, and for rows with annotations."""
        is_plain = queryset._iterable_class is ModelIterable  # noqa: SLF001 - says what rows become
        if not is_plain or compiler.annotation_col_map:
            return None
        return cls(compiler, connection.alias)

    def made(self, row: Any) -> Any:
        """Return the row with its relations."""
        made = self._instances.from_db(self._db, self._names, row[self._columns])
        for relation in self._relations:
            relation.populate(row, made)
        return made


def _all(relations: Any) -> Iterator[Any]:
    for relation in relations:
        yield relation
        yield from _all(relation.related_populators)


class _Instances:
    """A model's instances made of what was read: nobody listens, so nothing else is to be done."""

    def __init__(self, model: type[models.Model]) -> None:
        self._model: Any = model
        made_by_django = ("__init__", "from_db")
        self._is_usual = all(
            getattr(getattr(model, name), "__func__", getattr(model, name))
            is getattr(getattr(models.Model, name), "__func__", getattr(models.Model, name))
            for name in made_by_django
        )

    def from_db(self, db: str, names: Sequence[str], values: Sequence[Any]) -> Any:
        """Return an instance, as the model's own method does."""
        model = self._model
        if not self._is_usual or pre_init.has_listeners(model) or post_init.has_listeners(model):
            return model.from_db(db, names, values)
        made = model.__new__(model)
        made.__dict__.update(zip(names, values, strict=True))
        made._state = state = ModelState()  # noqa: SLF001 - as Django makes it
        state.adding, state.db = False, db
        return made


class _Compiled(SQLCompiler):
    """A compiler for one use of what another one has compiled."""

    def __init__(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        statement: Any,
        converters: Any,
    ) -> None:
        self.__dict__.update(compiler.__dict__)
        self.connection = connection
        self._statement = statement
        self._converters = converters

    def as_sql(self, *_args: Any, **_options: Any) -> Any:
        return self._statement

    def get_converters(self, _expressions: Any) -> Any:
        return self._converters


class _Query:
    """A query as those who read rows see it, which brings its own compiler."""

    def __init__(self, query: Any, compiler: SQLCompiler) -> None:
        self._wrapped = query
        self._compiler = compiler

    def get_compiler(self, *_args: Any, **_options: Any) -> SQLCompiler:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)


class PreparedUpdate:
    """An update of the rows of a queryset, whose slots are filled at each use, as are its values.

    ``build`` returns the queryset and the new values by field, once.
    """

    def __init__(self, build: Callable[[], tuple[Any, dict[str, Any]]]) -> None:
        """Build and compile at the first use."""
        self._build = build
        self._vendor = ""
        self._sql = ""
        self._parameters: Sequence[Any] = ()

    def run(self, **values: Any) -> int:
        """Change the rows; return how many."""
        connection = connections[DEFAULT_DB_ALIAS]
        if self._vendor != connection.vendor:
            self._compile(connection)
        with connection.cursor() as cursor:
            cursor.execute(self._sql, _filled(self._parameters, values, connection))
            changed: int = cursor.rowcount
        return changed

    def _compile(self, connection: BaseDatabaseWrapper) -> None:
        queryset, values = self._build()
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(values)
        compiled = query.get_compiler(connection=connection).as_sql()
        (self._sql, self._parameters), self._vendor = compiled, connection.vendor


def _filled(
    parameters: Sequence[Any], values: dict[str, Any], connection: BaseDatabaseWrapper
) -> tuple[Any, ...]:
    """Return the parameters of one use."""
    return tuple(
        one.filled(values, connection) if isinstance(one, Slot) else one for one in parameters
    )


def insert(row: models.Model) -> None:
    """Write a new row, as ``save(force_insert=True)`` does, without signals.

    A value may be an expression. A key that the database gives stays unknown.
    """
    _insert(row, "")


def insert_new(row: models.Model) -> bool:
    """Write a row unless there is another one with what is unique in it; return whether."""
    return _insert(row, " ON CONFLICT DO NOTHING")


def insert_or_replace(row: models.Model, *, key: Sequence[str]) -> None:
    """Write a row, over all that another one has whose fields ``key``, unique together, agree."""
    _insert(row, _replacing(type(row), tuple(key)))


def _insert(row: models.Model, otherwise: str) -> bool:
    connection = connections[DEFAULT_DB_ALIAS]
    model = type(row)
    fields = _columns(model, row.pk is not None)
    places: list[str] = []
    values: list[Any] = []
    for field in fields:
        place, own = _placed(model, _value(field, row, connection, is_new=True), connection.vendor)
        places.append(place)
        values += own
    sql = _insert_sql(model, tuple(places), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql + otherwise, values)
        is_written: bool = cursor.rowcount > 0
    state = row._state  # noqa: SLF001 - Django marks so what is stored
    state.adding, state.db = False, connection.alias
    return is_written


def update(row: models.Model, names: Sequence[str]) -> None:
    """Write the fields ``names`` of a row, as ``save(update_fields=names)`` does, without signals.

    :raises DatabaseError: the row is no longer there.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    model = type(row)
    fields = [model._meta.get_field(name) for name in (*names, model._meta.pk.name)]
    values = [_value(field, row, connection, is_new=False) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_update_sql(model, tuple(names), connection.vendor), values)
        if not cursor.rowcount:
            message = f"{model.__name__} {row.pk} is no longer there."
            raise DatabaseError(message)


def _value(field: Any, row: models.Model, connection: BaseDatabaseWrapper, *, is_new: bool) -> Any:
    """Return what a row has in a field, as the database takes it: texts as they are."""
    value = row.__dict__.get(field.attname)
    if type(value) is _as_they_are(field.__class__):
        return value
    return field.get_db_prep_save(field.pre_save(row, is_new), connection)


@cache
def _as_they_are(field: type[Any]) -> type | None:
    """Return the type whose values such a field hands to each database unchanged, if there is one.

    A subtype, such as a choice, is none of them.
    """
    for kind, values in _PLAIN.items():
        if issubclass(field, kind):
            is_usual = all(getattr(field, name) is getattr(kind, name) for name in _WAYS)
            return values if is_usual else None
    return None


def _placed(model: type[models.Model], value: Any, vendor: str) -> tuple[str, Sequence[Any]]:
    """Return what stands for a new row's value in its statement, and with which parameters."""
    if isinstance(value, models.Expression):
        return _expressed(model, value, vendor)
    return "%s", (value,)


@cache
def _expressed(
    model: type[models.Model], value: models.Expression, vendor: str
) -> tuple[str, Sequence[Any]]:
    del vendor
    query = InsertQuery(model)
    compiler = query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
    resolved: Any = value.resolve_expression(query, allow_joins=False, for_save=True)
    sql, parameters = compiler.compile(resolved)
    return sql, tuple(parameters)


@cache
def _columns(model: type[models.Model], has_key: bool) -> list[Any]:  # noqa: FBT001 - a cache's key
    fields = model._meta.local_concrete_fields
    return [field for field in fields if has_key or not field.primary_key]


@cache
def _insert_sql(model: type[models.Model], places: tuple[str, ...], vendor: str) -> str:
    del vendor
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    has_key = len(places) == len(model._meta.local_concrete_fields)
    names = [quote(field.column) for field in _columns(model, has_key)]
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(places)})"  # noqa: S608 - our names


@cache
def _replacing(model: type[models.Model], key: tuple[str, ...]) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    meta: Any = model._meta
    unique = [quote(meta.get_field(name).column) for name in key]
    others = [quote(field.column) for field in _columns(model, has_key=False)]
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in others if name not in unique)
    return f" ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {changes}"


@cache
def _update_sql(model: type[models.Model], names: tuple[str, ...], vendor: str) -> str:
    del vendor
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    meta: Any = model._meta
    columns = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in names)
    table = quote(meta.db_table)
    return f"UPDATE {table} SET {columns} WHERE {table}.{quote(meta.pk.column)} = %s"  # noqa: S608 - our names
