"""The query of a list by an actor: as the address has it, as a page shows it, in the schema."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

import django_filters
from django import forms
from django.db.models import QuerySet
from django.forms.widgets import Input
from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from channels_layer.access.actors import Actor
from channels_layer.errors import InvalidError
from channels_layer.rest.authentication import actor_of
from channels_layer.rest.lists import paging
from channels_layer.rest.lists.columns import Rows
from channels_layer.rest.lists.filters import LONGEST_SEARCH, Label, ListFilter, SearchFilter
from channels_layer.rest.objects import PAGING

COUNTED_AT_MOST = 99
TYPES: dict[type, Any] = {
    django_filters.BooleanFilter: bool,
    django_filters.IsoDateTimeFilter: datetime,
    django_filters.NumberFilter: int,
    django_filters.UUIDFilter: UUID,
}

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A tab over the list, as a link."""

    label: Label
    query: str
    is_current: bool
    count: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A filter that a page offers: as choices, or as an input of ``input_type``."""

    name: str
    label: Label
    value: str
    choices: Sequence[tuple[str, Label]] = ()
    input_type: str = ""

    @property
    def chosen(self) -> Label:
        """The value in words; empty where it is none of the choices."""
        return self.value if self.input_type else dict(self.choices).get(self.value, "")


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A filter that is set, and the address without it."""

    name: str
    label: Label
    query: str


class ListQuery:
    """Filters, order and place in a list for an actor.

    A filter or order that nobody knows is skipped, and of a search that is too long the beginning
    counts, unless ``refuse_unknown`` refuses them.
    """

    def __init__(
        self,
        filters: type[ListFilter],
        data: QueryDict,
        *,
        actor: Actor,
        at: datetime,
        order: str = "",
    ) -> None:
        """Parse ``data``; ``order`` holds unless ``data`` names one."""
        self.actor = actor
        self.at = at
        wanted = data.get("order") or order
        self.order = wanted if wanted in filters.orders else filters.usual_order()
        self._given = data
        self._class = filters
        self._filters = self._bound(data)
        self._errors = {name: list(errors) for name, errors in self._filters.errors.items()}
        self._data = data.copy()
        for name in self._errors:
            self._mend(name)
        if self._errors:
            self._filters = self._bound(self._data)

    def refuse_unknown(self) -> None:
        """Raise ``InvalidError`` by field if a filter or the order has an unknown value."""
        if errors := {**self._errors, **self._empty()}:
            raise InvalidError(fields=errors)
        wanted = self._given.get("order") if len(self._class.orders) > 1 else None
        if wanted and wanted != self.order:
            reason = _("One of %(known)s, please.") % {"known": ", ".join(self._class.orders)}
            raise InvalidError(reason, fields={"order": [reason]})

    def queryset(self, **changes: str) -> QuerySet[Any]:
        """Return the rows that match the filters with ``changes``."""
        filters = self._filters
        if changes:
            data = self._data.copy()
            data.update(changes)
            filters = self._bound(data)
        found: QuerySet[Any] = filters.qs
        return found

    def page(
        self, rows: QuerySet[Any, Row] | Rows[Row], *, limit: int | None = None
    ) -> paging.Page[Row]:
        """Cut the page of ``rows`` that the cursor names; ``limit`` is the query's unless given.

        ``rows`` are those of ``queryset``, or mappings of them with the order's columns.
        """
        return paging.cut(
            rows,
            order=self._class.orders[self.order].columns,
            cursor=self._data.get("cursor") or None,
            limit=paging.limit_of(self._given) if limit is None else limit,
        )

    def value(self, name: str) -> str:
        """Return the value of a filter as the address has it, or an empty text."""
        return self._data.get(name, "") or ""

    def cleaned(self, name: str) -> Any:
        """Return the parsed value of a filter, or None."""
        self._filters.form.is_valid()
        return self._filters.form.cleaned_data.get(name)

    def encoded(self, **changes: str) -> str:
        """Return the filters as the query of an address, with ``changes``; "" removes one."""
        kept = QueryDict(mutable=True)
        for name in self._class.base_filters:
            if value := changes.get(name, self.value(name)):
                kept[name] = value
        return f"?{kept.urlencode(safe=',')}" if kept else ""

    @cached_property
    def fields(self) -> list[Field]:
        """The filters that a page offers as choices or fields, in their order."""
        return [
            self._field(name, field)
            for name, field in self._form.fields.items()
            if _is_offered(field.widget)
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters that are set, but for the search and the tabs."""
        chosen = {field.name: field.chosen for field in self.fields}
        return [
            Chip(
                name=name,
                label=chosen.get(name) or self._plain_label(name, field),
                query=self.encoded(**{name: ""}),
            )
            for name, field in self._form.fields.items()
            if self.value(name) and (name in chosen or field.widget.is_hidden)
        ]

    @cached_property
    def _form(self) -> forms.Form:
        """The form with the fields of all filters."""
        found: forms.Form = self._bound(self._data, with_all=True).form
        return found

    def _empty(self) -> dict[str, list[str]]:
        """Return what is wrong with ids and times that are given without a value.

        Of choices and words no value means all, as a form sends it.
        """
        reason = _("Give a value, or leave it out.")
        return {
            name: [reason]
            for name, one in self._class.base_filters.items()
            if self._given.get(name) == "" and isinstance(one, tuple(TYPES))
        }

    def _mend(self, name: str) -> None:
        """Skip a value that nobody knows; of a search that is too long the beginning counts."""
        if isinstance(self._class.base_filters[name], SearchFilter):
            self._data[name] = self.value(name).replace("\0", " ")[:LONGEST_SEARCH].strip()
        else:
            self._data.pop(name, None)

    def _bound(self, data: QueryDict, *, with_all: bool = False) -> ListFilter:
        return self._class(data, actor=self.actor, at=self.at, order=self.order, with_all=with_all)

    def _field(self, name: str, field: forms.Field) -> Field:
        value = self.value(name)
        if isinstance(field.widget, forms.Select):
            given: Any = field.widget.choices
            choices = [(str(key), word) for key, word in given if key != ""]
            return Field(name=name, label=field.label or "", value=value, choices=choices)
        kind = field.widget.input_type or "text"
        return Field(name=name, label=field.label or "", value=value, input_type=kind)

    def _plain_label(self, name: str, field: forms.Field) -> Label:
        """Return a value that is none of the choices as it is; for an id the filter's label."""
        is_id = field.widget.is_hidden and isinstance(field, forms.UUIDField)
        return (field.label or "") if is_id else self.value(name)


def query_of(filters: type[ListFilter], request: Request, *, at: datetime) -> ListQuery:
    """Return the query of a request to the API, or raise ``InvalidError`` for unknown values."""
    query = ListQuery(filters, request.query_params, actor=actor_of(request), at=at)
    query.refuse_unknown()
    return query


def parameters_of(filters: type[ListFilter]) -> list[OpenApiParameter]:
    """Return the parameters of a list: its filters, its orders, cursor and limit."""
    found = [_parameter(name, one) for name, one in filters.base_filters.items()]
    if len(filters.orders) > 1:
        usual = f"`{filters.usual_order()}` unless said."
        found.append(OpenApiParameter("order", str, enum=list(filters.orders), description=usual))
    return [*found, *PAGING]


def capped(number: int) -> str:
    """Return a count as a tab shows it: nothing for none, ``99+`` beyond 99."""
    return f"{COUNTED_AT_MOST}+" if number > COUNTED_AT_MOST else str(number or "")


def _is_offered(control: forms.Widget) -> bool:
    if isinstance(control, forms.Select):
        return True
    return isinstance(control, Input) and not (
        control.is_hidden or isinstance(control, forms.SearchInput)
    )


def _parameter(name: str, one: Any) -> OpenApiParameter:
    kind = next((known for known in TYPES if isinstance(one, known)), None)
    choices = one.extra.get("choices", ())
    return OpenApiParameter(
        name,
        TYPES[kind] if kind else _text(one),
        enum=None if callable(choices) else [value for value, _word in choices] or None,
        description=one.extra.get("help_text", ""),
    )


def _text(one: Any) -> dict[str, Any]:
    """Return the schema of a filter that takes a text."""
    longest = one.extra.get("max_length")
    return {"type": "string"} if longest is None else {"type": "string", "maxLength": longest}
