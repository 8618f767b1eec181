"""Entries of the list of chats."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from channels_layer.access.actors import Staff
from channels_layer.rest import ListQuery
from chats.selectors.sessions import with_unread

PAGE = 40
FIELDS = (
    "id",
    "title",
    "assistant_id",
    "assistant__name",
    "last_message_at",
    "last_message_text",
)


@dataclass(frozen=True, kw_only=True)
class Session:
    """One chat: assistant, title, when something was said last, preview, what is unread."""

    id: str
    title: str
    assistant: str
    assistant_id: str
    active_at: datetime
    preview: str
    unread: int
    is_today: bool


def page_of(
    query: ListQuery, actor: Staff, *, reading: str = ""
) -> tuple[list[Session], str | None]:
    """Return a page of the actor's own chats, and the cursor of the next.

    Nothing is unread in the chat with the id ``reading``, which the actor has before their eyes.
    """
    page = query.page(with_unread(query.queryset(), actor, *FIELDS), limit=PAGE)
    return _sessions(page.rows, reading), page.next


def _sessions(rows: Iterable[Mapping[str, Any]], reading: str) -> list[Session]:
    today = timezone.localdate()
    return [
        Session(
            id=str(row["id"]),
            title=row["title"] or _("New chat"),
            assistant=row["assistant__name"],
            assistant_id=str(row["assistant_id"]),
            active_at=row["last_message_at"],
            preview=row["last_message_text"],
            unread=0 if str(row["id"]) == reading else row["unread"] or 0,
            is_today=timezone.localtime(row["last_message_at"]).date() == today,
        )
        for row in rows
    ]
