"""The one shape of runs, tool calls, usage and articles, for REST and events alike."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import orjson

from channels_layer import times
from channels_layer.transport import stream
from chats.models import Article, Run, ToolCall
from chats.selectors.usage import Spent
from chats.tools.registry import Tool
from conversations.models import Assistant, Conversation

Json = dict[str, Any]
CREDITS_PER_UNIT = 100


def run_object(run: Run, spent: Spent | None) -> Json:
    """Return a run as staff and keys see it; ``message_id`` is that of its answer."""
    return {
        "id": str(run.pk),
        "conversation": str(run.conversation_id),
        "assistant": str(run.assistant_id),
        "message_id": str(run.message_id),
        "status": run.status,
        "reason": run.reason or None,
        "error": run.error or None,
        "attempt": run.attempt,
        "model": run.model,
        "text_length": len(run.text),
        "usage": usage_object(spent) if spent else None,
        "started_at": times.iso(run.started_at),
        "first_token_at": times.iso(run.first_token_at) if run.first_token_at else None,
        "ended_at": times.iso(run.ended_at) if run.ended_at else None,
    }


def started(run: Run, assistant: Assistant) -> Json:
    """Return the data of ``run.started``."""
    shown = {"id": str(assistant.pk), "name": assistant.name, "avatar": assistant.avatar or None}
    return {"run": str(run.pk), "message_id": str(run.message_id), "assistant": shown}


def ended(run: Run, *, has_message: bool, spent: Spent) -> Json:
    """Return the data of ``end``."""
    return {
        "run": str(run.pk),
        "message_id": str(run.message_id) if has_message else None,
        "reason": run.reason,
        "text_length": len(run.text) if has_message else 0,
        "usage": usage_object(spent),
    }


def chunk(run: Run, *, offset: int, text: str) -> Json:
    """Return the data of a ``chunk`` that continues the text."""
    return {
        "run": str(run.pk),
        "attempt": run.attempt,
        "message_id": str(run.message_id),
        "offset": offset,
        "text": text,
    }


def snapshot(run: Run, *, attempt: int, text: str) -> Iterator[Json]:
    """Yield the data of the chunks that replace all of a run's text; the first says so."""
    for offset, piece in stream.pieces(text):
        data = chunk(run, offset=offset, text=piece) | {"attempt": attempt}
        yield data if offset else data | {"snapshot": True}


def tool_call_object(call: ToolCall) -> Json:
    """Return a tool call as staff and keys see it, with its conversation's ``seq``.

    Its run and conversation are loaded with it.
    """
    decider = {"sender": call.decided_by, "name": call.decider_name} if call.decided_by else None
    return {
        "id": str(call.pk),
        "conversation": str(call.run.conversation_id),
        "run": str(call.run_id),
        "name": call.name,
        "title": call.title,
        "arguments": call.arguments,
        "status": call.status,
        "needs_approval": call.needs_approval,
        "decided_by": decider,
        "note": call.note or None,
        "result": result_object(call.result),
        "created_at": times.iso(call.created_at),
        "seq": call.run.conversation.seq,
    }


def tool_call(call: ToolCall) -> Json:
    """Return the data of ``tool_call``."""
    return {
        "run": str(call.run_id),
        "tool_call": str(call.pk),
        "name": call.name,
        "title": call.title,
        "arguments": call.arguments,
        "needs_approval": call.needs_approval,
    }


def tool_result(call: ToolCall) -> Json:
    """Return the data of ``tool_result``."""
    return {
        "run": str(call.run_id),
        "tool_call": str(call.pk),
        "status": call.status,
        "result": result_object(call.result),
        "by": call.decider_name or None,
    }


def result_object(result: str) -> Any:
    """Return a tool's result as JSON where it is some, else as text."""
    if not result:
        return None
    try:
        return orjson.loads(result)
    except orjson.JSONDecodeError:
        return result


def usage_object(spent: Spent) -> Json:
    """Return tokens and cost; a cost that is not known is null."""
    return {
        "input_tokens": spent.input,
        "output_tokens": spent.output,
        "cached_tokens": spent.cached,
        "reasoning_tokens": spent.reasoning,
        "cost": _money(spent.cost),
        "credits": _money(spent.cost * CREDITS_PER_UNIT) if spent.cost is not None else None,
        "is_estimated": spent.is_estimated,
        "calls": spent.calls,
    }


def conversation_usage(
    conversation: Conversation, total: Spent, purposes: Iterable[Mapping[str, Any]]
) -> Json:
    """Return what a conversation took, in all and by purpose, and how long it lasted."""
    lasted = conversation.last_message_at - conversation.created_at
    return {
        **usage_object(total),
        "duration_seconds": max(0.0, lasted.total_seconds()),
        "purposes": [{"purpose": row["purpose"], **usage_object(row["spent"])} for row in purposes],
    }


def chat_object(conversation: Mapping[str, Any]) -> Json:
    """Return a chat, out of the object of its conversation."""
    return {
        "id": conversation["id"],
        "conversation": conversation["id"],
        "title": conversation["title"],
        "assistant": conversation["assistant"],
        "message_count": conversation["message_count"],
        "last_message": conversation["last_message"],
        "created_at": conversation["created_at"],
    }


def tool_object(tool: Tool) -> Json:
    """Return a tool as it is offered."""
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "parameters": tool.parameters,
        "needs_approval": tool.needs_approval,
        "role": tool.role,
    }


def article_object(article: Article) -> Json:
    """Return a piece of knowledge."""
    return {
        "id": str(article.pk),
        "assistant": str(article.assistant_id),
        "title": article.title,
        "text": article.text,
        "is_active": article.is_active,
        "created_at": times.iso(article.created_at),
        "updated_at": times.iso(article.updated_at),
    }


def _money(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
