"""Rows of the inbox as the list shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_layer import names
from channels_layer.access.actors import Staff
from conversations import source_kinds
from conversations.models import LONGEST_NAME, Conversation, handle_of
from conversations.selectors import conversations as selectors
from handoff.models import Control, Lifecycle, Switch

ASSISTANT_WORDS = {
    Switch.ACTIVE: ("ai", gettext_lazy("AI-Handling")),
    Switch.PAUSED: ("paused", gettext_lazy("Paused")),
    Switch.BLOCKED: ("blocked", gettext_lazy("User blocked")),
}


@dataclass(frozen=True, kw_only=True)
class ControlMark:
    """The mark of the floor: the modifier of ``control``, its word, and the wait's start."""

    modifier: str
    word: str
    waits_since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One entry of the list."""

    id: str
    name: str
    key: str
    at: datetime
    speaker: str
    preview: str
    source: str
    assistant: str
    message_count: int
    unread: int
    control: ControlMark
    is_closed: bool
    seq: int
    closes_at: datetime | None = None


def rows_of(values: Iterable[Mapping[str, Any]], actor: Staff, *, reading: str = "") -> list[Row]:
    """Return the objects of ``selectors.rows`` as rows of the list.

    Nothing is unread in the conversation ``reading``, which the actor has before their eyes.
    """
    return [_row(value, actor, is_read=str(value["id"]) == reading) for value in values]


def named_rows(identifiers: Iterable[UUID], actor: Staff) -> list[Row]:
    """Return rows of named conversations, whatever the filters say."""
    queryset = selectors.inbox(actor).filter(pk__in=list(identifiers))
    return rows_of(selectors.rows(queryset, actor), actor)


def control_mark(value: Mapping[str, Any], actor: Staff) -> ControlMark:
    """Return a row's mark of the floor; a paused or blocked assistant shows through."""
    if value["lifecycle"] == Lifecycle.ENDED:
        return ControlMark(modifier="ended", word=_("Closed"))
    if value["control"] == Control.REQUESTED:
        return _request_mark(value)
    if value["control"] == Control.AGENT:
        is_own = value["owner_id"] == actor.user.pk
        return ControlMark(modifier="agent", word=_("You") if is_own else _owner(value))
    modifier, word = ASSISTANT_WORDS[Switch(value["switch"])]
    return ControlMark(modifier=modifier, word=str(word))


def name_of(conversation: Conversation) -> str:
    """Return a conversation's name: its contact's, or for a chat its title."""
    if conversation.contact is None and not conversation.title:
        return _("New chat")
    return conversation.heading


def _request_mark(value: Mapping[str, Any]) -> ControlMark:
    """Return the mark of a request; only a customer is seen to wait."""
    if value["requested_by"] == Staff.kind:
        return ControlMark(modifier="joined", word=_("Joined"))
    since = value["requested_at"] if value["contact_id"] else None
    return ControlMark(modifier="requested", word=_("Escalated"), waits_since=since)


def _row(value: Mapping[str, Any], actor: Staff, *, is_read: bool) -> Row:
    unread = value["customer_count"] - (value["read_count"] or 0)
    is_own_chat = value["author_id"] == actor.user.pk
    return Row(
        id=str(value["id"]),
        name=_name(value),
        key=str(value["contact_id"] or value["author_id"] or value["id"]),
        at=value["last_message_at"],
        speaker=_speaker(value, actor),
        preview=value["last_message_text"],
        source=value["source__kind"],
        assistant=value["assistant__name"],
        message_count=value["message_count"],
        unread=0 if is_own_chat or is_read else max(0, unread),
        control=control_mark(value, actor),
        is_closed=value["lifecycle"] == Lifecycle.ENDED,
        seq=value["seq"],
        closes_at=value["window_expires_at"],
    )


def _name(value: Mapping[str, Any]) -> str:
    if value["contact_id"] is None:
        return value["title"] or _("New chat")
    name = names.shown(value["contact__name"], LONGEST_NAME)
    known = name or value["contact__phone"] or value["contact__email"]
    known = known or handle_of(value["contact__attributes"] or {})
    if not known and source_kinds.of(value["source__kind"]).is_named_by_identity:
        known = value["external_id"]
    return str(known or _("Visitor %(id)s") % {"id": str(value["contact_id"])[-4:]})


def _owner(value: Mapping[str, Any]) -> str:
    if value["owner_id"] is None:
        return _("A colleague outside")
    full = f"{value['owner__first_name']} {value['owner__last_name']}".strip()
    return str(full or value["owner__username"] or _("A person"))


def _speaker(value: Mapping[str, Any], actor: Staff) -> str:
    """Return the name of the last author, unless it was the customer."""
    if value["last_author_kind"] in {"", "customer"}:
        return ""
    if value["last_author_kind"] == "agent" and value["last_author_name"] == actor.name:
        return _("You")
    return str(value["last_author_name"])
