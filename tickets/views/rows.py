"""Rows of the tickets' list as the page shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from channels_layer.access.actors import Staff
from channels_layer.rest import Label
from tickets.models import DONE, Priority, Status

STATUS_WORDS: dict[str, Label] = dict(Status.choices)
STATUS_TONES: dict[str, str] = {
    Status.OPEN: "badge--accent",
    Status.PENDING: "badge--orange",
    Status.SOLVED: "badge--green",
    Status.CLOSED: "",
}
PRIORITY_NAMES: dict[Priority, Label] = {priority: priority.label for priority in Priority}
FOREVER = 10**15


@dataclass(frozen=True, kw_only=True)
class Row:
    """One entry of the list; ``sort`` says where it stands in the order that is shown."""

    id: str
    number: int
    subject: str
    status: str
    status_word: Label
    status_tone: str
    priority: str
    priority_level: int
    priority_word: Label
    requester: str
    assignee: str
    assignee_name: str
    assignee_key: str
    due_at: datetime | None
    is_done: bool
    changed_at: datetime
    seq: int
    sort: int


def rows_of(values: Iterable[Mapping[str, Any]], actor: Staff, order: str = "updated") -> list[Row]:
    """Shape what ``selectors.rows`` returns for the list."""
    return [_row(value, actor, order) for value in values]


def requester_name(value: Mapping[str, Any]) -> str:
    """Return the requester's name for a row; empty when there is none."""
    if value["requester_id"] is None:
        return ""
    known = value["requester__name"] or value["requester__phone"] or value["requester__email"]
    return str(known or _("Visitor %(id)s") % {"id": str(value["requester_id"])[-4:]})


def _row(value: Mapping[str, Any], actor: Staff, order: str) -> Row:
    priority = Priority(value["priority"])
    is_own = value["assignee_id"] == actor.user.pk
    return Row(
        id=str(value["id"]),
        number=value["number"],
        subject=value["subject"],
        status=value["status"],
        status_word=STATUS_WORDS[value["status"]],
        status_tone=STATUS_TONES[value["status"]],
        priority=priority.word,
        priority_level=priority.value,
        priority_word=PRIORITY_NAMES[priority],
        requester=requester_name(value),
        assignee=_("You") if is_own else _assignee(value),
        assignee_name=_assignee(value),
        assignee_key=str(value["assignee_id"] or ""),
        due_at=value["due_at"],
        is_done=value["status"] in DONE,
        changed_at=value["changed_at"],
        seq=value["seq"],
        sort=_sort(value, order),
    )


def _assignee(value: Mapping[str, Any]) -> str:
    if value["assignee_id"] is None:
        return ""
    full = f"{value['assignee__first_name']} {value['assignee__last_name']}".strip()
    return full or str(value["assignee__username"])


def _sort(value: Mapping[str, Any], order: str) -> int:
    """Return a number that rises down the list."""
    changed = int(value["changed_at"].timestamp() * 1000)
    if order == "newest":
        return -int(value["number"])
    if order == "priority":
        return -(int(value["priority"]) * FOREVER + changed)
    if order == "due":
        return int(value["due_at"].timestamp() * 1000) if value["due_at"] else FOREVER
    return -changed
