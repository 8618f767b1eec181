"""``/tickets/``: the list, and beside it the ticket that is open."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from channels_layer.pages import StaffView, is_fragment
from channels_layer.rest import values
from tickets import selectors
from tickets.models import Ticket
from tickets.views import rows as shaping
from tickets.views.filters import TicketQuery, filters_of, tabs_of
from tickets.views.ticket import ticket_context

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
        query = _query_of(self, request)
        found = selectors.rows(query.shown().filter(pk__in=named))
        return {
            "rows": shaping.rows_of(found, self.actor, query.order),
            "query": query.encoded(),
            "opened": request.GET.get("open", ""),
            "at": timezone.now(),
            "tabs": tabs_of(query),
        }


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


def _query_of(view: StaffView, request: HttpRequest) -> TicketQuery:
    order = request.COOKIES.get(f"tickets_{view.actor.user.pk}", "")
    return TicketQuery(request.GET, actor=view.actor, at=timezone.now(), order=order)
