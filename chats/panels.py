"""Additions to a conversation's pages: tool calls in the thread, usage in the details."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from channels_layer.access.actors import Staff
from chats import lines, prices, standstills
from chats.models import Run, Usage
from chats.selectors import reasoning
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
    """Return tokens, credits and duration of a conversation; an unknown cost stays unknown."""
    del actor
    total = Usage.objects.filter(conversation=conversation).aggregate(
        input=Sum("input_tokens"),
        output=Sum("output_tokens"),
        price=Sum("cost"),
        unknown=Count("id", filter=Q(cost=None)),
    )
    return {
        "input": total["input"] or 0,
        "output": total["output"] or 0,
        "credits": prices.credits_of(total["price"]),
        "has_unknown": bool(total["unknown"]),
        "lasted": conversation.last_message_at - conversation.created_at,
    }
