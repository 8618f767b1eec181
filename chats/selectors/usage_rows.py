"""Rows of usage, with words for people, as the page and the API show them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from channels_layer import formats
from chats.models import Usage
from chats.objects.usage import Spent
from chats.selectors import usage

Row = tuple[Any, str, Spent]


def by_day(rows: QuerySet[Usage]) -> Iterable[Row]:
    """Return the days, the oldest first."""
    for key, spent in usage.by_day(rows):
        yield key["day"].isoformat(), formats.short_day(key["day"]), spent


def by_assistant(rows: QuerySet[Usage]) -> Iterable[Row]:
    """Return the assistants by name."""
    for key, spent in usage.by_assistant(rows):
        assistant = str(key["assistant"]) if key["assistant"] else None
        yield assistant, key["name"] or _("No assistant"), spent


def by_purpose(rows: QuerySet[Usage]) -> Iterable[Row]:
    """Return the purposes."""
    for key, spent in usage.by_use(rows):
        yield key["purpose"], str(Usage.Purpose(key["purpose"]).label), spent


def by_model(rows: QuerySet[Usage]) -> Iterable[Row]:
    """Return the models."""
    for key, spent in usage.by_model(rows):
        yield key["model"], key["model"], spent


ROWS: dict[str, Callable[[QuerySet[Usage]], Iterable[Row]]] = {
    "day": by_day,
    "assistant": by_assistant,
    "purpose": by_purpose,
    "model": by_model,
}
