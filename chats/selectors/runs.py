"""Reading runs and tool calls, always through what the actor may see of their conversations."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from channels_layer.access.actors import Actor
from channels_layer.errors import NotFoundError
from chats.models import Run, ToolCall
from conversations.models import Conversation, Message
from conversations.selectors import messages

R = TypeVar("R", bound=Model)


def run_for(actor: Actor, identifier: UUID | str) -> Run:
    """Return the run if ``actor`` may know of it; ``NotFoundError`` otherwise."""
    visible = Conversation.objects.visible_to(actor)
    run = _one(Run.objects.filter(conversation__in=visible), identifier)
    if run is None:
        raise NotFoundError
    return run


def newest_answer(conversation: Conversation) -> UUID | None:
    """Return the id of the last message if it is an answer, which can be written anew."""
    newest = messages.last_said(conversation)
    if newest is None or newest.run_id is None or newest.error == Message.REPLACED:
        return None
    return newest.pk if conversation.assistant_may_speak else None


def tool_calls(actor: Actor) -> QuerySet[ToolCall]:
    """Return the tool calls that ``actor`` may know of, newest first."""
    visible = Conversation.objects.visible_to(actor)
    rows = ToolCall.objects.filter(run__conversation__in=visible).select_related(
        "run__conversation"
    )
    return rows.order_by("-created_at", "-id")


def tool_call_for(actor: Actor, identifier: UUID | str) -> ToolCall:
    """Return the tool call if ``actor`` may know of it; ``NotFoundError`` otherwise."""
    call = _one(tool_calls(actor), identifier)
    if call is None:
        raise NotFoundError
    return call


def _one(rows: QuerySet[R], identifier: UUID | str) -> R | None:
    """Return a row by an id that may come from outside."""
    try:
        return rows.filter(pk=UUID(str(identifier))).first()
    except ValueError:
        return None
