"""One ticket as the page shows it: its fields, timeline and conversations."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from channels_layer.access.actors import Staff
from channels_layer.pages import StaffView
from conversations import markdown
from handoff import selectors as agents
from handoff.models import name_of
from tickets import selectors
from tickets.models import Priority, Ticket
from tickets.views.rows import PRIORITY_NAMES, STATUS_TONES, STATUS_WORDS
from tickets.views.timeline import timeline


class PartsView(StaffView):
    """``/tickets/<number>/parts/``: a ticket's parts, each to be swapped by its name."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Answer head, facts, text, conversations and timeline."""
        ticket = selectors.ticket_for(self.actor, str(number))
        return render(request, "tickets/_parts.html", ticket_context(ticket, self.actor))


class EarlierView(StaffView):
    """``/tickets/<number>/earlier/``: the timeline before ``cursor``."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Answer up to 100 entries of the timeline."""
        ticket = selectors.ticket_for(self.actor, str(number))
        shown = timeline(ticket, cursor=request.GET.get("cursor"))
        return render(request, "tickets/_entries.html", {"ticket": ticket, "timeline": shown})


def ticket_context(ticket: Ticket, actor: Staff) -> dict[str, Any]:
    """Return everything around one ticket."""
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
        "people": _people(ticket),
        "conversations": conversations,
        "reached": next((row for row in conversations if _reaches(row)), None),
        "text": {"html": markdown.render(ticket.description)},
        "tags_text": ", ".join(ticket.tags),
        "timeline": timeline(ticket),
        "at": timezone.now(),
    }


def _people(ticket: Ticket) -> list[tuple[str, str]]:
    """Return the staff to choose from; a former one stays in the choice of their ticket."""
    known = [(str(agent.user_id), agent.name) for agent in agents.agents()]
    if ticket.assignee and str(ticket.assignee_id) not in dict(known):
        name = name_of(ticket.assignee)
        known.append((str(ticket.assignee_id), name))
    return known


def _reaches(conversation: Any) -> bool:
    return conversation.contact_id is not None and not conversation.is_ended
