"""The topics of chats: the snapshot of a live run, and pending approvals."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.log import topics
from channels_layer.log.topics import TopicKind
from channels_layer.transport import stream
from chats.events import APPROVAL_SUMMARY, APPROVALS, CHUNK, STATUS
from chats.models import Run, ToolCall
from chats.objects.run import snapshot
from chats.objects.tool_call import tool_call_object

RECENT_LIMIT = 500


def register() -> None:
    """Send the live run after the replay of a conversation; let staff follow the approvals."""
    topics.register_snapshot("conversation", "live run", _live_run)
    topics.register(
        TopicKind(prefix=APPROVALS, durable=False, may_follow=_may_follow_approvals, recent=_recent)
    )


def _may_follow_approvals(actor: Actor, identifier: str) -> bool:
    if identifier:
        return False
    return isinstance(actor, Staff) or (isinstance(actor, Key) and actor.may("conversations:read"))


def _recent(since: datetime) -> Iterable[dict[str, Any]]:
    calls = ToolCall.objects.changed_since(since).select_related("run__conversation")
    for call in calls.order_by("-created_at", "-id")[:RECENT_LIMIT]:
        yield {"type": APPROVAL_SUMMARY, "data": tool_call_object(call)}


def _live_run(actor: Actor, identifier: str) -> Iterable[dict[str, Any]]:
    """Yield the live run's whole text. It is the same for every audience."""
    del actor
    run = Run.objects.live().filter(conversation_id=UUID(identifier)).first()
    if run is None:
        return
    said = stream.read(run.pk)
    is_newer = said is not None and said.attempt >= run.attempt
    attempt, text = (said.attempt, said.text) if said and is_newer else (run.attempt, run.text)
    for data in snapshot(run, attempt=attempt, text=text):
        yield {"type": CHUNK, "data": data}
    if run.status == Run.Status.WAITING:
        yield {"type": STATUS, "data": {"run": str(run.pk), "state": "waiting_approval"}}
