"""``/tickets/``: the list, the ticket that is open beside it, and those of a conversation."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from channels_layer.access.actors import Staff, staff_id_of
from channels_layer.pages import StaffView, is_fragment
from channels_layer.rest import values
from conversations import blocks
from conversations.models import Conversation
from conversations.panels import Panel
from conversations.selectors import conversations as conversation_selectors
from handoff import selectors as people
from handoff.models import name_of
from tickets import proposals, selectors
from tickets.models import Priority, Ticket
from tickets.views import rows as shaping
from tickets.views.filters import TicketQuery, filters_of, tabs_of
from tickets.views.rows import PRIORITY_NAMES, STATUS_TONES, STATUS_WORDS
from tickets.views.timeline import timeline

PANEL_ORDER = 30
SHOWN_IN_PANEL = 10
PAGE = 40


class TicketsView(StaffView):
    """The list; with a number the place of the ticket beside it, which the page's module fills."""

    def get(self, request: HttpRequest, number: int | None = None) -> HttpResponse:
        """Answer the page, or as a fragment the ticket alone."""
        ticket = selectors.ticket_for(self.actor, str(number)) if number is not None else None
        if ticket is not None and is_fragment(request):
            return render(request, "tickets/_ticket.html", ticket_context(ticket, self.actor))
        context = list_context(self, request, ticket)
        context |= {"navigation_class": "nav--rail", "pane": "thread" if ticket else "list"}
        return render(request, "tickets/tickets.html", context | {"ticket": ticket})


class RowsView(StaffView):
    """``/tickets/rows/``: the list alone, a further page of it, or named rows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the rows that the address names."""
        named = values.uuids(request.GET.getlist("id"))
        if named:
            return render(request, "tickets/_rows_named.html", self._named(request, named))
        template = "_rows" if request.GET.get("cursor") else "_list"
        return render(request, f"tickets/{template}.html", list_context(self, request, None))

    def _named(self, request: HttpRequest, named: list[UUID]) -> dict[str, Any]:
        """Return the named rows that match the filters, and the open one anyway."""
        query = _query_of(self, request)
        opened = request.GET.get("open", "")
        found = list(selectors.rows(query.shown().filter(pk__in=named)))
        shown = {row["id"] for row in found}
        others = selectors.rows(selectors.tickets(self.actor).filter(pk__in=set(named) - shown))
        left = [row for row in others if str(row["number"]) == opened]
        return {
            "rows": shaping.rows_of([*found, *left], self.actor, query.order),
            "left": opened if left else "",
            "query": query.encoded(),
            "opened": opened,
            "at": timezone.now(),
            "tabs": tabs_of(query),
        }


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


class PanelView(StaffView):
    """``/conversations/<id>/tickets/``: the section alone, after a change."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Answer the section."""
        conversation = conversation_selectors.conversation_for(self.actor, id)
        section = panel_context(conversation, self.actor)
        return render(request, "tickets/_panel.html", {"panel": section})


def list_context(view: StaffView, request: HttpRequest, ticket: Ticket | None) -> dict[str, Any]:
    """Return the list's context: rows of one page and, for the first, the filters."""
    query = _query_of(view, request)
    page = query.page(selectors.rows(query.shown()), limit=PAGE)
    context = {
        "rows": shaping.rows_of(page.rows, view.actor, query.order),
        "next": page.next,
        "query": query.encoded(),
        "opened": str(ticket.number) if ticket else request.GET.get("open", ""),
        "at": timezone.now(),
    }
    if request.GET.get("cursor") and is_fragment(request):
        return context
    return context | {"filters": filters_of(query)}


def ticket_context(ticket: Ticket, actor: Staff) -> dict[str, Any]:
    """Return everything around one ticket."""
    at = timezone.now()
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
        "reach": selectors.reach(conversations, at=at),
        "text": {"html": _description(ticket)},
        "tags_text": ", ".join(ticket.tags),
        "timeline": timeline(ticket),
        "at": at,
    }


def panel_context(conversation: Conversation, actor: Staff) -> dict[str, Any]:
    """Return the related tickets, and the fallback proposal for a new one."""
    found = selectors.rows(selectors.tickets_of(conversation, actor))[: SHOWN_IN_PANEL + 1]
    rows = shaping.rows_of(found, actor)
    return {
        "conversation": conversation,
        "rows": rows[:SHOWN_IN_PANEL],
        "has_more": len(rows) > SHOWN_IN_PANEL,
        "proposal": proposals.fallback_of(conversation),
        "people": [(str(agent.user_id), agent.name) for agent in people.agents()],
    }


PANEL = Panel(
    template="tickets/_panel.html",
    context=panel_context,
    order=PANEL_ORDER,
    module="tickets/panel.js",
    style="tickets/panel.css",
)


def _query_of(view: StaffView, request: HttpRequest) -> TicketQuery:
    order = request.COOKIES.get(f"tickets_{view.actor.user.pk}", "")
    return TicketQuery(request.GET, actor=view.actor, at=timezone.now(), order=order)


def _description(ticket: Ticket) -> str:
    is_typed = staff_id_of(ticket.created_by) is not None
    return blocks.typed(ticket.description) if is_typed else blocks.rendered(ticket.description)


def _people(ticket: Ticket) -> list[tuple[str, str]]:
    """Return the staff to choose from; a former one stays in the choice of their ticket."""
    known = [(str(agent.user_id), agent.name) for agent in people.agents()]
    if ticket.assignee and str(ticket.assignee_id) not in dict(known):
        name = name_of(ticket.assignee)
        known.append((str(ticket.assignee_id), name))
    return known
