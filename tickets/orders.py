"""The orders in which a list of tickets can be read, each by an index."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UPDATED = "updated"
DUE = "due"


@dataclass(frozen=True, kw_only=True)
class Order:
    """The columns to sort by, the last one unique, and what people call it."""

    columns: Sequence[str]
    word: str | Promise


ORDERS = {
    UPDATED: Order(columns=("-changed_at", "-id"), word=_("Last updated")),
    "newest": Order(columns=("-number",), word=_("Newest")),
    "priority": Order(columns=("-priority", "-changed_at", "-id"), word=_("Priority")),
    DUE: Order(columns=("due_order", "id"), word=_("Due date")),
}
