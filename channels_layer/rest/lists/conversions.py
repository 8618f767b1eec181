"""Values of columns out of what the database returns: Django's conversions, the common ones quick.

A page has a few hundred ids and times; on SQLite, where all of them are texts, Django's own take
longer than the query.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import JSONField

Conversion = Callable[[Any], Any]

KEPT_IDS = 4096
_EMPTY: dict[Any, Callable[[], Any]] = {"{}": dict, "[]": list}


def quickest(
    conversions: Sequence[Any], expression: Any, connection: BaseDatabaseWrapper
) -> Conversion:
    """Return one function that does what ``conversions`` of a column do to a value."""
    field = expression.output_field
    kind = field.get_internal_type()
    if connection.vendor == "sqlite" and kind == "UUIDField":
        return _id
    if connection.vendor == "sqlite" and kind == "DateTimeField":
        return partial(_time, connection.timezone)
    ordinary = partial(_converted, conversions, expression, connection)
    if isinstance(field, JSONField) and field.decoder is None:
        return partial(_json, ordinary)
    return ordinary


@lru_cache(maxsize=KEPT_IDS)
def _id(value: str) -> UUID:
    return UUID(value)


def _time(zone: Any, value: datetime | str) -> datetime:
    """Return a time in its zone: columns are times already, what is computed of them is a text."""
    time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return time.replace(tzinfo=zone)


def _json(ordinary: Conversion, value: Any) -> Any:
    empty = _EMPTY.get(value)
    return ordinary(value) if empty is None else empty()


def _converted(
    conversions: Sequence[Any], expression: Any, connection: BaseDatabaseWrapper, value: Any
) -> Any:
    for convert in conversions:
        value = convert(value, expression, connection)
    return value
