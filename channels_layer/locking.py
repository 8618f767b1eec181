"""Locking a row together with what is shown of it."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import models

from channels_layer.prepared import Prepared, Slot

M = TypeVar("M", bound=models.Model)


def locked(model: type[M], pk: Any, *, shown: Sequence[str]) -> M:
    """Return the row as it is now, with the ``shown`` relations, locked until the transaction ends.

    PostgreSQL joins a row that it waited for to what belonged to it before. What another
    transaction has put in its place is missing then, so the row is read once more.
    """
    statement: Prepared[M] = _statement(model, tuple(shown))
    found = statement.first(pk=pk)
    if found is None or not _is_whole(found, shown):
        found = statement.first(pk=pk)
    if found is None:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    return found


@cache
def _statement(model: type[M], shown: tuple[str, ...]) -> Prepared[M]:
    rows = model._default_manager.select_related(*shown)
    locking = rows.select_for_update(of=("self",), no_key=True)
    return Prepared(lambda: locking.filter(pk=Slot(model, "pk")))


def _is_whole(row: models.Model, shown: Sequence[str]) -> bool:
    """Return whether each relation that the row has was read along with it."""
    fields = (row._meta.get_field(name) for name in shown)
    return all(
        row.__dict__[field.attname] is None or field.get_cached_value(row) is not None
        for field in fields
        if isinstance(field, models.ForeignKey)
    )
