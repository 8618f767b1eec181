"""The demo's tickets: raised in the stories, and worked on since."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from channels_layer.access.actors import Actor, Staff, System
from config.demo.data import files
from conversations.models import Conversation
from tickets.models import Priority, Ticket
from tickets.services import comments, tickets
from tickets.services.comments import Remark
from tickets.services.tickets import Draft, Seen


def load(
    key: str,
    *,
    conversation: Conversation,
    by: Actor,
    staff: Mapping[str, Staff],
    now: datetime,
    at: datetime,
) -> None:
    """Raise the ticket ``key`` from ``conversation`` at ``at``, and do what was done until now."""
    (raw,) = (one for one in files.table("tickets")["ticket"] if one["key"] == key)
    draft = Draft(
        subject=raw["subject"],
        description=raw["description"],
        priority=Priority.of(raw["priority"]),
        assignee=staff[raw["assignee"]].user if "assignee" in raw else None,
        tags=raw["tags"],
        due_at=now + timedelta(minutes=raw["due"]) if "due" in raw else None,
        conversation=conversation,
    )
    if isinstance(by, System):
        by = System(by.name, f"assistant:{conversation.assistant_id}")
    ticket = tickets.create(draft=draft, by=by, at=at)
    for act in raw.get("then", []):
        _act(ticket, act, by=staff[act["who"]], at=now - timedelta(minutes=act["ago"]))


def _act(ticket: Ticket, act: dict[str, Any], *, by: Staff, at: datetime) -> None:
    if "comment" in act:
        comments.add(ticket=ticket, remark=Remark(text=act["comment"]), by=by, at=at)
    else:
        values = {"status": act["status"]}
        tickets.update(ticket=ticket, values=values, seen=Seen(), by=by, at=at)
