"""``/chats/`` and ``/chats/<id>/``: staff talk with assistants."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from channels_layer.access.actors import Staff
from channels_layer.pages import StaffView, is_fragment
from channels_layer.rest import ListQuery
from chats import standstills
from chats.filters import ChatFilter
from chats.selectors.runs import newest_answer
from chats.views.sessions import page_of
from conversations.models import Assistant, Conversation
from conversations.selectors import conversations as selectors
from conversations.selectors import messages as message_selectors
from conversations.views.items import Reader, items_of
from conversations.views.stretches import PAGE, Stretch, before_first, respond, stretch_of


class ChatsView(StaffView):
    """The list of one's chats, and beside it the open chat or a new one."""

    def get(self, request: HttpRequest, id: UUID | None = None) -> HttpResponse:
        """Answer the page, or as a fragment the chat alone."""
        chat = selectors.chat_for(self.actor, id) if id else None
        context: dict[str, Any] = chat_context(chat, self.actor) if chat else new_context(request)
        if is_fragment(request):
            return render(request, "chats/_chat.html" if chat else "chats/_new.html", context)
        context |= list_context(request, self.actor)
        context |= {
            "opened": str(id or ""),
            "pane": "thread" if chat or _is_new(request) else "list",
        }
        return render(request, "chats/chats.html", context)


class ListView(StaffView):
    """``/chats/list/``: the list alone, or a further page of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the entries."""
        context = list_context(request, self.actor) | {"opened": request.GET.get("open", "")}
        return render(request, "chats/_list.html", context)


class HistoryView(StaffView):
    """``/chats/history/``: rows of the dialog with all of one's chats."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer a page of them."""
        query = _query_of(request, self.actor)
        sessions, following = page_of(query, self.actor)
        context = {
            "sessions": sessions,
            "next": following,
            "search": query.value("search"),
            "is_further": bool(request.GET.get("cursor")),
        }
        return render(request, "chats/_history.html", context)


class MessagesView(StaffView):
    """``/chats/<id>/messages/``: a stretch of the chat, as HTML."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Answer the entries; ``X-Earlier`` or ``X-Later`` says that there are more."""
        chat = selectors.chat_for(self.actor, id)

        def context(stretch: Stretch) -> dict[str, Any]:
            found, previous = stretch.page.messages, stretch.previous
            items = items_of(found, reader=_reader(chat, self.actor), previous=previous)
            return {"items": items, "conversation": chat, "newest_answer": newest_answer(chat)}

        stretch = stretch_of(request, chat, self.actor)
        return respond(request, "chats/_messages.html", stretch, context)


class MessageView(StaffView):
    """``/chats/<id>/messages/<message>/``: one entry, as HTML."""

    def get(self, request: HttpRequest, id: UUID, message: UUID) -> HttpResponse:
        """Answer the entry as the page would show it."""
        chat = selectors.chat_for(self.actor, id)
        found = message_selectors.message_for(self.actor, chat, message)
        previous = before_first(chat, self.actor, [found])
        items = items_of([found], reader=_reader(chat, self.actor), previous=previous)
        context = {"items": items, "conversation": chat, "newest_answer": newest_answer(chat)}
        return render(request, "chats/_messages.html", context)


class HeadView(StaffView):
    """``/chats/<id>/head/``: title and assistant over the chat, and why nobody answers in it."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Answer the parts, each to be swapped by its name."""
        chat = selectors.chat_for(self.actor, id)
        return render(request, "chats/_head_parts.html", head_context(chat, self.actor))


def list_context(request: HttpRequest, actor: Staff) -> dict[str, Any]:
    """Return one page of the list."""
    query = _query_of(request, actor)
    sessions, following = page_of(query, actor, reading=request.GET.get("reading", ""))
    return {
        "today": [session for session in sessions if session.is_today],
        "earlier": [session for session in sessions if not session.is_today],
        "next": following,
        "search": query.value("search"),
        "is_further": bool(request.GET.get("cursor")),
    }


def head_context(chat: Conversation, actor: Staff) -> dict[str, Any]:
    """Return what stands over a chat, and why nobody answers in it."""
    return {
        "conversation": chat,
        "standstill": standstills.context(chat, actor),
        "assistants": Assistant.objects.filter(is_active=True).order_by("name", "id"),
    }


def chat_context(chat: Conversation, actor: Staff) -> dict[str, Any]:
    """Return the newest page of a chat with all around it."""
    page = message_selectors.page(chat, actor, limit=PAGE)
    return {
        **head_context(chat, actor),
        "items": items_of(page.messages, reader=_reader(chat, actor)),
        "has_earlier": page.has_earlier,
        "has_later": page.has_later,
        "newest_answer": newest_answer(chat),
        "last_position": page.messages[-1].position if page.messages else 0,
        "interval": settings.SEND_INTERVAL_SECONDS,
        "me": actor,
    }


def _reader(chat: Conversation, actor: Staff) -> Reader:
    return Reader(actor=actor, answered_at=chat.last_customer_position)


def new_context(request: HttpRequest) -> dict[str, Any]:
    """Return what a new chat needs: whom one can talk with."""
    assistants = list(Assistant.objects.filter(is_active=True).order_by("name", "id"))
    wanted = request.GET.get("assistant", "")
    chosen = next((row for row in assistants if str(row.pk) == wanted), None)
    return {"assistants": assistants, "chosen": chosen or next(iter(assistants), None)}


def _query_of(request: HttpRequest, actor: Staff) -> ListQuery:
    return ListQuery(ChatFilter, request.GET, actor=actor, at=timezone.now())


def _is_new(request: HttpRequest) -> bool:
    return "new" in request.GET
