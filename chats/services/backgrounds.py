"""Backgrounds: what precedes a conversation for its assistant."""

from channels_layer.formats import readable
from channels_layer.prepared import Prepared, Slot
from chats.engine.instructions import Background
from chats.engine.quoting import in_one_line
from chats.models import ToolCall
from chats.services import packets
from conversations.models import Conversation

MOST_CHECKED = 5
LONGEST_CHECKED = 400
_CHECKED = Prepared(
    lambda: ToolCall.objects.filter(
        run__conversation=Slot(Conversation, "pk", name="conversation"), checked_at__isnull=False
    ).order_by("-checked_at", "id")[:MOST_CHECKED]
)


def background(conversation: Conversation, *, stated: list[str], summary: str) -> str:
    """Return what precedes the conversation for its assistant; customers' words stand in it."""
    return Background(
        stated=stated,
        summary=summary,
        quotes=packets.return_quotes(conversation.pk),
        checked=[_checked(call) for call in _CHECKED.rows(conversation=conversation.pk)],
    ).text()


def _checked(call: ToolCall) -> str:
    """Return what a colleague found out about a call, as one line."""
    asked = ", ".join(filter(None, map(readable, call.arguments.values())))
    is_done = call.status == ToolCall.Status.DONE
    found = "it took effect" if is_done else "it did not take effect"
    line = f"{call.name} ({asked}): {found}. {call.check_note}"
    return in_one_line(line, LONGEST_CHECKED)
