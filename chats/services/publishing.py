"""Publishing the rows of pending approvals."""

from datetime import datetime

from channels_layer.log import events
from chats.events import APPROVAL_SUMMARY, APPROVALS
from chats.models import ToolCall
from chats.objects.tool_call import tool_call_object
from conversations.models import Conversation


def approval(conversation: Conversation, call: ToolCall, *, at: datetime) -> None:
    """Announce the row of a call that waits for approval, or waits no more."""
    call.run.conversation = conversation
    data = tool_call_object(call)
    events.announce(topic=APPROVALS, type=APPROVAL_SUMMARY, data=data, at=at)
