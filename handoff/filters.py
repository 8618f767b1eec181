"""Filters by a person of the staff."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Staff
from channels_layer.rest import Choices, Label, offering
from handoff.selectors import agents

ME = "me"
NOBODY = "none"
LONGEST_NUMBER = 9


class PersonFilter(django_filters.CharFilter):
    """A filter by the person in a column: the reader, nobody, or one by id."""

    def __init__(self, *, mine: Label, **options: Any) -> None:
        """Call the reader's own rows ``mine`` among the choices."""
        super().__init__(
            validators=[_is_person],
            widget=offering(_choices(mine)),
            help_text="`me`, `none` or a person's id.",
            **options,
        )

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep the rows of that person; a system has none of its own."""
        if not value:
            return rows
        if value == NOBODY:
            return rows.filter(**{f"{self.field_name}__isnull": True})
        if value == ME:
            actor = self.parent.actor
            is_person = isinstance(actor, Staff)
            return rows.filter(**{self.field_name: actor.user}) if is_person else rows.none()
        return rows.filter(**{f"{self.field_name}_id": int(value)})


def _choices(mine: Label) -> Choices:
    def choices() -> list[tuple[str, Label]]:
        people: list[tuple[str, Label]] = [(str(one.user_id), one.name) for one in agents()]
        return [(ME, mine), (NOBODY, _("Unassigned")), *people]

    return choices


def _is_person(value: str) -> None:
    is_number = value.isascii() and value.isdecimal() and len(value) <= LONGEST_NUMBER
    if value not in {ME, NOBODY} and not is_number:
        raise ValidationError(_("This is none of: me, none, a person's id."))
