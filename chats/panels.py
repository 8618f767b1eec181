"""Additions to a conversation's pages: tool calls in the thread, usage in the details."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from channels_layer.access.actors import Staff
from chats import lines, prices, standstills
from chats.models import Run
from chats.selectors import reasoning, usage
from chats.selectors.budgets import gauge_of_conversation
from chats.services.approvals import CHECKED
from conversations import panels
from conversations.models import Conversation
from conversations.panels import Banner, Panel

USAGE_ORDER = 20


def register() -> None:
    """Register them with the pages of conversations."""
    panels.register_tool_lines("chats", lines.tool_lines)
    panels.register_reasoning("chats", reasoning.links)
    panels.register_failure_words("chats", failure_words)
    panels.register_panel(
        Panel(template="chats/_usage.html", context=usage_context, order=USAGE_ORDER)
    )
    panels.register_icon("withdrawn", "shield")
    panels.register_icon(CHECKED, "shield")
    panels.register_banner(Banner(template="chats/_standstill.html", context=standstills.context))


def failure_words(runs: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return what the model's provider said when ``runs`` failed, by run."""
    rows = Run.objects.filter(pk__in=runs).exclude(error_detail="")
    return dict(rows.values_list("pk", "error_detail"))


def usage_context(conversation: Conversation, actor: Staff) -> dict[str, Any]:
    """Return tokens, cost, duration and budget of a conversation; unknown costs stay unknown."""
    del actor
    total = usage.of_conversation(conversation.pk)
    return {
        "total": total,
        "credits": prices.credits_of(total.cost),
        "budget": gauge_of_conversation(conversation),
        "lasted": conversation.last_message_at - conversation.created_at,
    }
