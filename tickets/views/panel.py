"""The tickets in a conversation's details: linked ones, and the dialog for a new one."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from channels_layer.access.actors import Staff
from channels_layer.pages import StaffView
from conversations.models import Conversation
from conversations.panels import Panel
from conversations.selectors import conversations as conversation_selectors
from handoff import selectors as people
from tickets import proposals, selectors
from tickets.views.rows import rows_of

ORDER = 30
SHOWN = 10


class PanelView(StaffView):
    """``/conversations/<id>/tickets/``: the section alone, after a change."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Answer the section."""
        conversation = conversation_selectors.conversation_for(self.actor, id)
        section = context(conversation, self.actor)
        return render(request, "tickets/_panel.html", {"panel": section})


def context(conversation: Conversation, actor: Staff) -> dict[str, Any]:
    """Return the related tickets, and the fallback proposal for a new one."""
    found = selectors.rows(selectors.tickets_of(conversation, actor))[: SHOWN + 1]
    rows = rows_of(found, actor)
    return {
        "conversation": conversation,
        "rows": rows[:SHOWN],
        "has_more": len(rows) > SHOWN,
        "proposal": proposals.fallback_of(conversation),
        "people": [(str(agent.user_id), agent.name) for agent in people.agents()],
    }


PANEL = Panel(
    template="tickets/_panel.html",
    context=context,
    order=ORDER,
    module="tickets/panel.js",
    style="tickets/panel.css",
)
