"""``/approvals/``: what waits for a person across chats and conversations, and what was decided."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from channels_layer.access.actors import Staff
from channels_layer.errors import NotFoundError
from channels_layer.pages import StaffView, is_fragment, is_mirrored
from channels_layer.rest import values
from chats import lines, trails
from chats.models import Run, ToolCall
from chats.selectors import approvals, runs
from chats.views.approval_rows import PAGE, ApprovalQuery, entries, filters_of, rows_of, tabs_of
from conversations.selectors import messages as message_selectors
from conversations.views.items import Reader, is_elsewhere, items_of
from conversations.views.rows import name_of

LED_TO_IT = 4
"""How many entries of the thread are shown before a call."""
LOADED = (
    "run__assistant",
    "run__conversation__contact",
    "run__conversation__author",
    "run__conversation__source",
)


class ApprovalsView(StaffView):
    """The list, and beside it the call that is open."""

    def get(self, request: HttpRequest, id: UUID | None = None) -> HttpResponse:
        """Answer the page, or as a fragment the call alone."""
        call = _call_for(self.actor, id) if id else None
        context: dict[str, Any] = call_context(request, call, self.actor) if call else {}
        if call and is_fragment(request):
            return render(request, "chats/approvals/_call.html", context)
        context |= list_context(self, request)
        context |= {"navigation_class": "nav--rail", "pane": "thread" if call else "list"}
        context |= {"opened": str(id or "")}
        return render(request, "chats/approvals/approvals.html", context)


class ApprovalRowsView(StaffView):
    """``/approvals/rows/``: the list alone, a further page of it, or named rows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the rows that the address names."""
        named = values.uuids(request.GET.getlist("id"))
        if named:
            context = self._named(request, named)
            return render(request, "chats/approvals/_rows_named.html", context)
        template = "_rows" if request.GET.get("cursor") else "_list"
        return render(request, f"chats/approvals/{template}.html", list_context(self, request))

    def _named(self, request: HttpRequest, named: list[UUID]) -> dict[str, Any]:
        """Return the named rows that match the filters, and the open one anyway."""
        query = _query_of(self, request)
        opened = request.GET.get("open", "")
        rows = rows_of(_loaded(approvals.calls(self.actor)).filter(pk__in=named), self.actor)
        matching = set(query.queryset().filter(pk__in=named).values_list("pk", flat=True))
        shown = [row for row in rows if UUID(row.id) in matching and row.part in query.parts]
        left = [row for row in rows if row not in shown and row.id == opened]
        return {
            "entries": [(None, row) for row in [*shown, *left]],
            "left": opened if left else "",
            "query": query.encoded(),
            "opened": opened,
            "tabs": tabs_of(query),
        }


class ToolResultView(StaffView):
    """``/approvals/<id>/result/``: the whole of what a call gave back."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Answer it as a part of the call's card."""
        call = runs.tool_call_for(self.actor, id)
        context = {"answer": lines.answer_of(call.result)}
        return render(request, "conversations/_tool_answer.html", context)


def list_context(view: StaffView, request: HttpRequest) -> dict[str, Any]:
    """Return one page of the list and, for the first, the filters."""
    query = _query_of(view, request)
    rows = _loaded(query.queryset())
    calls, following = approvals.page(rows, query.parts, cursor=query.cursor, limit=PAGE)
    context = {
        "entries": entries(query, rows_of(calls, view.actor)),
        "has_rows": bool(calls),
        "next": following,
        "query": query.encoded(),
        "opened": request.GET.get("open", ""),
    }
    if query.cursor and is_fragment(request):
        return context
    return context | {"filters": filters_of(query)}


def call_context(request: HttpRequest, call: ToolCall, actor: Staff) -> dict[str, Any]:
    """Return everything around one call."""
    line = lines.line_of(call, actor)
    conversation, run = call.run.conversation, call.run
    before = message_selectors.page(
        conversation, actor, before=run.answers_to + 1, limit=LED_TO_IT
    ).messages
    reader = Reader(
        actor=actor,
        is_mirrored=is_mirrored(request),
        is_elsewhere=is_elsewhere(conversation),
    )
    others = lines.tool_lines([run.pk], actor).get(run.pk, [])
    return {
        "tool": line,
        "call": call,
        "conversation": conversation,
        "assistant": run.assistant,
        "name": name_of(conversation),
        "is_own": conversation.is_chat_of(actor),
        "heading": trails.heading(call, line),
        "why": trails.why(call, line),
        "trail": trails.of(call, actor),
        "items": items_of(before, reader=reader),
        "said": run.text if run.status in Run.LIVE else "",
        "is_end": not reader.is_mirrored,
        "others": [other for other in others if other.id != call.pk and not other.question],
    }


def _call_for(actor: Staff, id: UUID) -> ToolCall:
    found = lines.readable(_loaded(runs.tool_calls(actor)).filter(pk=id)).first()
    if found is None:
        raise NotFoundError
    return found


def _loaded(calls: QuerySet[ToolCall]) -> QuerySet[ToolCall]:
    return calls.select_related(*LOADED).defer("result")


def _query_of(view: StaffView, request: HttpRequest) -> ApprovalQuery:
    return ApprovalQuery(request.GET, actor=view.actor, at=timezone.now())
