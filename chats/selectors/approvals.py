"""Calls that concern people: those that wait, those to check, and what was decided on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from channels_layer.access.actors import Actor, Staff
from channels_layer.errors import InvalidError
from channels_layer.rest import paging
from chats import roles
from chats.models import ToolCall
from chats.selectors import runs

WAITING, CHECK, DECIDED = "waiting", "check", "decided"
ORDERS = {
    WAITING: ("expires_at", "id"),
    CHECK: ("changed_at", "id"),
    DECIDED: ("-changed_at", "-id"),
}
"""The parts of the list, each with its order: the least time left, the oldest, the newest first."""
REMEMBERED = 200
MOST_REASONS = 3
LONGEST_REASON = 60


@dataclass(frozen=True)
class Counts:
    """How many calls wait, and how many are to be checked."""

    waiting: int
    check: int


def calls(actor: Actor) -> QuerySet[ToolCall]:
    """Return the calls that concern people and that ``actor`` may know of."""
    return runs.tool_calls(actor).filter(changed_at__isnull=False)


def part_of(call: ToolCall) -> str:
    """Return the part of the list in which a call stands."""
    status = ToolCall.Status(call.status)
    return {ToolCall.Status.PENDING: WAITING, ToolCall.Status.UNKNOWN: CHECK}.get(status, DECIDED)


def within(rows: QuerySet[ToolCall], part: str) -> QuerySet[ToolCall]:
    """Keep the rows of one part of the list."""
    if part == WAITING:
        return rows.filter(status=ToolCall.Status.PENDING)
    if part == CHECK:
        return rows.filter(status=ToolCall.Status.UNKNOWN)
    return rows.exclude(status__in=[ToolCall.Status.PENDING, ToolCall.Status.UNKNOWN])


def page(
    rows: QuerySet[ToolCall], parts: Sequence[str], *, cursor: str, limit: int
) -> tuple[list[ToolCall], str]:
    """Return a page of ``rows``, part by part, and the cursor of the next; empty at the end."""
    part, _dot, place = cursor.partition(".")
    if cursor and part not in parts:
        reason = _("This is no cursor of this list.")
        raise InvalidError(reason, fields={"cursor": [reason]})
    found: list[ToolCall] = []
    left = list(parts[parts.index(part) :] if cursor else parts)
    while left:
        part = left.pop(0)
        cut = paging.cut(
            within(rows, part).order_by(*ORDERS[part]),
            order=ORDERS[part],
            cursor=place or None,
            limit=limit - len(found),
        )
        found, place = found + cut.rows, ""
        if cut.next:
            return found, f"{part}.{cut.next}"
        if left and len(found) >= limit:
            return found, f"{left[0]}."
    return found, ""


def counts(actor: Actor, *, at_most: int) -> Counts:
    """Count what waits and what is to be checked, up to a limit."""
    rows = calls(actor).order_by()
    waiting, check = (within(rows, part)[:at_most].count() for part in (WAITING, CHECK))
    return Counts(waiting, check)


def waiting_for(actor: Actor) -> QuerySet[ToolCall]:
    """Return the calls that wait for a decision which ``actor`` may make."""
    rows = ToolCall.objects.pending().filter(role__in=roles.decided_by(actor))
    return rows if isinstance(actor, Staff) else rows.none()


def reasons(name: str) -> list[str]:
    """Return short reasons for which calls of this tool were denied lately, newest first."""
    decided = ToolCall.objects.filter(changed_at__isnull=False).order_by("-changed_at", "-id")
    rows = decided.values_list("name", "status", "note")[:REMEMBERED]
    found = dict.fromkeys(
        note
        for called, status, note in rows
        if called == name and status == ToolCall.Status.DENIED and 0 < len(note) <= LONGEST_REASON
    )
    return list(found)[:MOST_REASONS]
