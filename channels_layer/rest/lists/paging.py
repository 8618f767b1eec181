"""Pages of a list: keyset cursors, so that page 500 costs what page 1 costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.request import Request

from channels_layer.errors import InvalidError
from channels_layer.rest.lists import columns, values
from channels_layer.rest.lists.columns import Rows
from channels_layer.rest.objects import DEFAULT_LIMIT, MAX_LIMIT

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, with opaque cursors to those after and before."""

    rows: list[Row]
    next: str | None
    previous: str | None

    def body(self, results: Sequence[Any]) -> dict[str, Any]:
        """Return the answer's body with ``results`` in place of the rows."""
        return {"next": self.next, "previous": self.previous, "results": results}


def page(
    queryset: QuerySet[Any, Row] | Rows[Row], request: Request, *, order: Sequence[str]
) -> Page[Row]:
    """Cut the page that ``cursor`` and ``limit`` of the request ask for.

    ``order`` names non-null columns, ``-`` for descending, and ends with a unique one, as in
    ``("-last_message_at", "-id")``; rows may be models or mappings that contain them.
    """
    limit = limit_of(request.query_params)
    cursor = request.query_params.get("cursor") or None
    return cut(queryset, order=order, cursor=cursor, limit=limit)


def cut(
    queryset: QuerySet[Any, Row] | Rows[Row],
    *,
    order: Sequence[str],
    cursor: str | None,
    limit: int,
) -> Page[Row]:
    """Cut the page at ``cursor``; a malformed one raises ``InvalidError`` for that field."""
    backwards, keys = _parsed(cursor, queryset.model, order)
    steps = [_flip(name) for name in order] if backwards else list(order)
    rows = _read(queryset, steps, keys, limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    before = more if backwards else bool(keys)
    after = bool(keys) if backwards else more
    return Page(
        rows=rows,
        next=_write(rows[-1], order, backwards=False) if rows and after else None,
        previous=_write(rows[0], order, backwards=True) if rows and before else None,
    )


def after(row: Any, *, order: Sequence[str]) -> str:
    """Write the cursor of what comes after ``row``, which has the columns of ``order``."""
    return _write(row, order, backwards=False)


def limit_of(data: QueryDict) -> int:
    """Return ``limit``, from 1 to 100; 50 when absent."""
    return values.whole_number(data, "limit", default=DEFAULT_LIMIT, low=1, high=MAX_LIMIT)


def _read(
    found: QuerySet[Any, Row] | Rows[Row], steps: Sequence[str], keys: Sequence[Any], most: int
) -> list[Row]:
    if isinstance(found, Rows):
        return found.read(steps=steps, keys=keys, limit=most)
    if keys:
        found = found.filter(columns.beyond(steps, keys))
    return list(found.order_by(*steps)[:most])


def _flip(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _write(row: Any, order: Sequence[str], *, backwards: bool) -> str:
    keys = [_plain(_value(row, name.removeprefix("-"))) for name in order]
    return signing.dumps([backwards, *keys], salt=_salt(order))


def _parsed(cursor: str | None, model: type[Model], order: Sequence[str]) -> tuple[bool, list[Any]]:
    if cursor is None:
        return False, []
    try:
        backwards, *keys = signing.loads(cursor, salt=_salt(order))
        return bool(backwards), [
            _typed(model, name.removeprefix("-"), key)
            for name, key in zip(order, keys, strict=True)
        ]
    except (signing.BadSignature, ValidationError, ValueError, TypeError):
        reason = _("This is no cursor of this list.")
        raise InvalidError(reason, fields={"cursor": [reason]}) from None


def _salt(order: Sequence[str]) -> str:
    return f"cursor {' '.join(order)}"


def _value(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, dict) else getattr(row, name)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _typed(model: type[Model], name: str, key: Any) -> Any:
    options = model._meta
    try:
        return options.get_field(name).to_python(key)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return key
