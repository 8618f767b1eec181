"""Publishing: a run's events on its conversation's topic, and the rows of pending approvals."""

from datetime import datetime
from typing import Any

from channels_layer.log import events
from chats.events import APPROVAL_SUMMARY, APPROVALS
from chats.models import ToolCall
from chats.objects.tool_call import tool_call_object
from conversations.models import Conversation


def publish(
    conversation: Conversation,
    type: str,
    data: dict[str, Any],
    *,
    at: datetime,
) -> None:
    """Publish on the topic of a locked ``conversation``, without a summary for lists."""
    conversation.seq = events.publish(topic=conversation.topic, type=type, data=data, at=at)
    conversation.save(update_fields=["seq"])


def approval(conversation: Conversation, call: ToolCall, *, at: datetime) -> None:
    """Announce the row of a call that waits for approval, or waits no more."""
    call.run.conversation = conversation
    data = tool_call_object(call)
    events.announce(topic=APPROVALS, type=APPROVAL_SUMMARY, data=data, at=at)
