"""``/conversations/``: the list, and beside it the conversation that is open."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from channels_layer.pages import StaffView, is_fragment
from channels_layer.rest import values
from conversations import panels
from conversations.models import Conversation
from conversations.selectors import conversations as selectors
from conversations.views import rows as shaping
from conversations.views.filters import InboxQuery, filters_of, tabs_of
from conversations.views.thread import details_context, thread_context

PAGE = 40


class InboxView(StaffView):
    """The list; with an id the thread and the details of that conversation too."""

    def get(self, request: HttpRequest, id: UUID | None = None) -> HttpResponse:
        """Render the page, or as a fragment the thread alone."""
        conversation = selectors.conversation_for(self.actor, id) if id else None
        if conversation is not None and is_fragment(request):
            context = thread_context(request, conversation, self.actor)
            return render(request, "conversations/_thread.html", context)
        context = list_context(self, request, conversation)
        context |= {"navigation_class": "nav--rail", "pane": _pane(request, conversation)}
        context["panel_files"] = panels.files()
        if conversation is not None:
            context |= thread_context(request, conversation, self.actor)
            context |= details_context(conversation, self.actor)
        return render(request, "conversations/inbox.html", context)


class RowsView(StaffView):
    """``/conversations/rows/``: the list alone, a further page of it, or named rows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the rows that the address names."""
        named = values.uuids(request.GET.getlist("id"))
        if named:
            return render(request, "conversations/_rows_named.html", self._named(request, named))
        opened = values.uuids([request.GET.get("open", "")])
        conversation = selectors.conversation_for(self.actor, opened[0]) if opened else None
        context = list_context(self, request, conversation)
        if request.GET.get("cursor"):
            return render(request, "conversations/_rows.html", context)
        return render(request, "conversations/_list.html", context)

    def _named(self, request: HttpRequest, named: list[UUID]) -> dict[str, Any]:
        """Return the named rows that match the filters, the open one anyway, counts and queue."""
        query = _query_of(self, request)
        queryset = query.queryset().filter(pk__in=named)
        found = selectors.rows(queryset, self.actor)
        rows = shaping.rows_of(found, self.actor, reading=_reading(request))
        opened = set(values.uuids([request.GET.get("open", "")])) & set(named)
        left = opened - {UUID(row.id) for row in rows}
        return {
            "rows": [*rows, *shaping.named_rows(left, self.actor)],
            "left": str(next(iter(left), "")),
            "query": query.encoded(),
            "tabs": tabs_of(query),
            **_queue(),
        }


def list_context(
    view: StaffView, request: HttpRequest, conversation: Conversation | None
) -> dict[str, Any]:
    """Return the list's context: rows of one page and, for the first, filters and queue."""
    query = _query_of(view, request)
    if query.is_selected:
        found = shaping.named_rows([conversation.pk] if conversation else [], view.actor)
        following = None
    else:
        page = query.page(selectors.rows(query.queryset(), view.actor), limit=PAGE)
        found = shaping.rows_of(page.rows, view.actor, reading=_reading(request))
        following = page.next
    context = {
        "rows": found,
        "next": following,
        "query": query.encoded(),
        "opened": str(conversation.pk) if conversation else "",
        "interval": settings.SEND_INTERVAL_SECONDS,
    }
    if request.GET.get("cursor") and is_fragment(request):
        return context
    return context | {"filters": filters_of(query), **_queue()}


def _query_of(view: StaffView, request: HttpRequest) -> InboxQuery:
    return InboxQuery(request.GET, actor=view.actor, at=timezone.now())


def _reading(request: HttpRequest) -> str:
    return request.GET.get("reading", "")


def _queue() -> dict[str, Any]:
    """Return how many wait, and the conversation that has waited longest."""
    waiting = selectors.waiting()
    longest = waiting.values("id", "requested_at").first()
    return {"waiting_count": waiting.count() if longest else 0, "longest": longest}


def _pane(request: HttpRequest, conversation: Conversation | None) -> str:
    """Return the pane that a phone shows."""
    if conversation is None:
        return "list"
    return "details" if request.GET.get("pane") == "details" else "thread"
