"""One ticket as the page shows it: its fields, what was said and done, its conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from channels_layer.actors import Staff
from conversations import markdown
from conversations.models import Attachment
from conversations.presenters import attachment_object, linked
from conversations.views.base import StaffView
from handoff import selectors as agents
from tickets import selectors
from tickets.models import Change, Comment, Ticket
from tickets.models.ticket import Priority
from tickets.views import wording
from tickets.views.rows import PRIORITY_NAMES, STATUS_TONES, STATUS_WORDS

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
    """One line of the timeline: a comment with its HTML, or a change in words."""

    at: datetime
    key: str
    who: str
    who_key: str
    comment: Comment | None = None
    html: str = ""
    files: Sequence[dict[str, Any]] = ()
    icon: str = ""
    words: str = ""
    reason: str = ""


class PartsView(StaffView):
    """``/tickets/<number>/parts/``: a ticket's parts, each to be swapped by its name."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Answer head, facts, text, conversations and timeline."""
        ticket = selectors.ticket_for(self.actor, str(number))
        return render(request, "tickets/_parts.html", ticket_context(ticket, self.actor))


def ticket_context(
    ticket: Ticket, actor: Staff, people: Sequence[tuple[str, Any]] | None = None
) -> dict[str, Any]:
    """Return everything around one ticket."""
    if people is None:
        people = [(str(agent.user_id), agent.name) for agent in agents.agents()]
    conversations = list(selectors.conversations_of(ticket, actor))
    priority = Priority(ticket.priority)
    return {
        "ticket": ticket,
        "me": actor,
        "status_tone": STATUS_TONES[ticket.status],
        "statuses": list(STATUS_WORDS.items()),
        "priority": priority.word,
        "priority_level": priority.value,
        "priorities": [(one.word, word) for one, word in PRIORITY_NAMES.items()],
        "people": _with_assignee(people, ticket),
        "conversations": conversations,
        "reached": next((row for row in conversations if _reaches(row)), None),
        "text": {"html": markdown.render(ticket.description)},
        "tags_text": ", ".join(ticket.tags),
        "items": timeline(ticket),
        "at": timezone.now(),
    }


def timeline(ticket: Ticket) -> list[Item]:
    """Return what was said and done, in order."""
    found = list(selectors.comments(ticket))
    files = selectors.attachments(found)
    said = [_said(comment, files.get(comment.pk, ())) for comment in found]
    done = [_done(change) for change in selectors.changes(ticket)]
    return sorted([*said, *done], key=lambda item: (item.at, item.key))


def _said(comment: Comment, files: Sequence[Attachment]) -> Item:
    return Item(
        at=comment.created_at,
        key=str(comment.pk),
        who=comment.author_name,
        who_key=comment.sender,
        comment=comment,
        html=markdown.render(comment.text),
        files=[linked(attachment_object(file)) for file in files],
    )


def _done(change: Change) -> Item:
    return Item(
        at=change.created_at,
        key=str(change.pk),
        who=change.author_name,
        who_key=change.sender,
        icon=ICONS.get(change.field, "pencil"),
        words=wording.sentence(change),
        reason=change.reason,
    )


def _with_assignee(people: Sequence[tuple[str, Any]], ticket: Ticket) -> list[tuple[str, Any]]:
    """Keep somebody who no longer works here in the choice of a ticket that is theirs."""
    known = [*people]
    if ticket.assignee and str(ticket.assignee_id) not in dict(known):
        name = ticket.assignee.get_full_name() or ticket.assignee.get_username()
        known.append((str(ticket.assignee_id), name))
    return known


def _reaches(conversation: Any) -> bool:
    return conversation.contact_id is not None and not conversation.is_ended
