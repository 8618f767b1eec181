"""The timeline of a ticket's page: comments and changes, the newest 100, then earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from channels_layer import names, sentences
from channels_layer.access.actors import parts_of, staff_id_of
from channels_layer.rest import paging
from conversations import blocks
from conversations.models import Attachment, Message
from conversations.objects.attachment import attachment_object, linked
from tickets import selectors
from tickets.models import Comment, Ticket
from tickets.views import wording

SHOWN = 100
NEWEST_FIRST = ("-created_at", "-id")
ICONS = {
    "created": "plus",
    "status": "check",
    "assignee": "person",
    "requester": "person",
    "linked": "inbox",
    "unlinked": "inbox",
    "due_at": "clock",
}


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of the timeline: a comment with its HTML, or a change in words.

    ``undelivered`` says that the customer did not get a public comment, and why.
    """

    at: datetime
    key: str
    who: str
    who_id: str
    comment: Comment | None = None
    undelivered: str = ""
    html: str = ""
    files: Sequence[dict[str, Any]] = ()
    icon: str = ""
    words: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """A part of the timeline, in order; ``earlier`` is the cursor of the part before."""

    items: Sequence[Item]
    earlier: str | None


def timeline(ticket: Ticket, *, cursor: str | None = None) -> Timeline:
    """Return the newest 100 entries before ``cursor``; a malformed one raises ``InvalidError``."""
    said = paging.cut(
        selectors.comments(ticket).select_related("message"),
        order=NEWEST_FIRST,
        cursor=cursor,
        limit=SHOWN,
    )
    done = paging.cut(
        selectors.shown_changes(ticket), order=NEWEST_FIRST, cursor=cursor, limit=SHOWN
    )
    found = sorted([*said.rows, *done.rows], key=_place, reverse=True)
    shown = found[:SHOWN]
    files = selectors.attachments([entry for entry in shown if isinstance(entry, Comment)])
    is_cut = len(found) > SHOWN or said.next or done.next
    return Timeline(
        items=[_item(entry, files.get(entry.pk, ())) for entry in reversed(shown)],
        earlier=paging.after(shown[-1], order=NEWEST_FIRST) if is_cut else None,
    )


def _place(entry: Any) -> tuple[datetime, str]:
    return entry.created_at, str(entry.pk)


def _item(entry: Any, files: Sequence[Attachment]) -> Item:
    return _said(entry, files) if isinstance(entry, Comment) else _done(entry)


def _said(comment: Comment, files: Sequence[Attachment]) -> Item:
    return Item(
        at=comment.created_at,
        key=str(comment.pk),
        who=names.shown(comment.author_name),
        who_id=_id(comment.actor),
        comment=comment,
        undelivered=_undelivered(comment),
        html=_html(comment),
        files=[linked(attachment_object(file)) for file in files],
    )


def _html(comment: Comment) -> str:
    is_typed = staff_id_of(comment.actor) is not None
    return blocks.typed(comment.text) if is_typed else blocks.rendered(comment.text)


def _id(actor: str) -> str:
    """Return the id in ``user:5``: a person's colour is everywhere that of the id."""
    return parts_of(actor)[1] or actor


def _undelivered(comment: Comment) -> str:
    if comment.undelivered:
        reason = comment.get_undelivered_display()
        return _("Not sent to the customer: %(reason)s") % {"reason": reason}
    message = comment.message
    if message is None or message.status != Message.Status.FAILED:
        return ""
    if not message.error:
        return _("Not delivered")
    return _("Not delivered: %(reason)s") % {"reason": sentences.translated(message.error)}


def _done(change: Any) -> Item:
    return Item(
        at=change.created_at,
        key=str(change.pk),
        who=names.shown(change.author_name),
        who_id=_id(change.actor),
        icon=ICONS.get(change.field, "pencil"),
        words=wording.sentence(change.field, change.shown_before, change.shown_after),
        reason=change.reason,
    )
