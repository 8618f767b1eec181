"""Usage: every model call's tokens and cost, those of failed and stopped calls included."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orjson

from channels_layer import prepared
from channels_layer.prepared import Prepared, Slot
from chats import prices
from chats.engine import context
from chats.engine.parts import ModelRequest, UsageReport
from chats.models import Usage
from chats.prices import Quote
from conversations.models import Conversation

_ASSISTANT = Prepared(
    lambda: Conversation.objects.filter(pk=Slot(Conversation, "pk")).values_list("assistant_id")
)


@dataclass(frozen=True, kw_only=True)
class ModelCall:
    """A model call: its purpose, and the usage that the provider reported, or an estimate.

    Without an ``assistant_id`` it is the conversation's.
    """

    conversation_id: UUID
    purpose: Usage.Purpose
    model: str
    usage: UsageReport | None = None
    estimate: UsageReport = field(default_factory=UsageReport)
    is_priced: bool = True
    """Whether its cost can be told from what is known of it."""
    run_id: UUID | None = None
    assistant_id: UUID | None = None


def record(call: ModelCall, *, at: datetime) -> Usage:
    """Record the usage of one model call."""
    usage = call.usage or call.estimate
    price = prices.quote(call.model, usage, at=at) if call.is_priced else Quote()
    row = Usage(
        conversation_id=call.conversation_id,
        run_id=call.run_id,
        assistant_id=call.assistant_id or _assistant_of(call.conversation_id),
        purpose=call.purpose,
        model=call.model,
        input_tokens=usage.input,
        output_tokens=usage.output,
        cached_tokens=usage.cached,
        reasoning_tokens=usage.reasoning,
        cost=price.cost,
        price_version=price.version,
        is_estimated=call.usage is None,
        created_at=at,
    )
    prepared.insert(row)
    return row


def tokens_of(request: ModelRequest) -> int:
    """Estimate the tokens that a model reads for ``request``, its tools included."""
    tools = len(orjson.dumps(request.tools)) // context.BYTES_PER_TOKEN if request.tools else 0
    return tools + sum(context.tokens_of(message) for message in request.messages)


def estimate(prompt: int, text: str) -> UsageReport:
    """Estimate the usage of a call with ``prompt`` tokens of input that wrote ``text``."""
    return UsageReport(input=prompt, output=context.tokens_of({"content": text}) if text else 0)


def _assistant_of(conversation_id: UUID) -> UUID | None:
    found = _ASSISTANT.first(pk=conversation_id)
    return found[0] if found else None
