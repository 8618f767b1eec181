"""The base of every list's filters.

A filter says all that is known of it: its values or validators, its label for people, its help
text for the schema, and by its form control where a page shows it:

- ``Select``, which a ``ChoiceFilter`` has: a choice, and a chip when it is set;
- ``TextInput`` and other inputs: a field to type in, and a chip when it is set;
- ``HiddenInput``: a chip alone, for what links set;
- ``RadioSelect``: the tabs;
- ``SearchInput``: the search field.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from channels_layer.access.actors import Actor, Staff

Label = str | Promise
Choices = Sequence[tuple[str, Label]] | Callable[[], Sequence[tuple[str, Label]]]
LONGEST_SEARCH = 200


@dataclass(frozen=True, kw_only=True)
class Order:
    """The columns to sort by, the last one unique, and what people call it."""

    columns: Sequence[str]
    label: Label = ""


class ListFilter(django_filters.FilterSet):
    """Filters over the rows that an actor may see; an unknown value is an error of its field.

    Those without a value change nothing and are left out, since to make all of them and their form
    takes longer than to read a page; ``with_all`` has them, for what a page offers.
    ``today`` is the midnight with which the actor's day around ``at`` began.
    """

    orders: ClassVar[Mapping[str, Order]]
    """The orders in which the list can be read; the first one is the usual one."""
    base_filters: dict[str, django_filters.Filter]
    """The filters by name: of the class all, of one that is bound those that it has."""

    def __init__(
        self, data: Any, *, actor: Actor, at: datetime, order: str = "", with_all: bool = False
    ) -> None:
        """Bind the filters to ``data``; ``order`` is the name of the order of the rows."""
        if not with_all:
            known = type(self).base_filters.items()
            self.base_filters = {name: one for name, one in known if data.get(name)}
        super().__init__(data, self.rows_for(actor))
        self.actor = actor
        self.at = at
        self.order = order or self.usual_order()
        self.today = at.astimezone(zone_of(actor)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )

    @classmethod
    def rows_for(cls, actor: Actor) -> QuerySet[Any]:
        """Return the rows that ``actor`` may see."""
        raise NotImplementedError

    @classmethod
    def usual_order(cls) -> str:
        """Return the name of the order that holds unless another one is wanted."""
        return next(iter(cls.orders))


class SearchFilter(django_filters.CharFilter):
    """A filter by words."""

    def __init__(self, **options: Any) -> None:
        """Accept up to 200 characters."""
        super().__init__(max_length=LONGEST_SEARCH, widget=forms.SearchInput, **options)


def offering(choices: Choices) -> forms.Select:
    """Return a select with ``choices`` for a filter that takes other values, too."""
    # Since Django 5 they may be callable, which the stubs do not say.
    return forms.Select(choices=choices)  # type: ignore[arg-type]


def zone_of(actor: Actor) -> ZoneInfo:
    """Return the person's time zone, which the middleware has set; UTC for systems."""
    name = timezone.get_current_timezone_name() if isinstance(actor, Staff) else "UTC"
    return ZoneInfo(name)
