"""Usage: every model call's tokens and cost, those of failed and stopped calls included."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from channels_layer import prepared
from chats import prices
from chats.engine import context
from chats.engine.parts import ModelRequest, UsageReport
from chats.models import Usage


@dataclass(frozen=True, kw_only=True)
class ModelCall:
    """A model call: its purpose, and the usage that the provider reported, or an estimate."""

    conversation_id: UUID
    purpose: Usage.Purpose
    model: str
    usage: UsageReport | None
    estimate: UsageReport
    run_id: UUID | None = None


def record(call: ModelCall, *, at: datetime) -> Usage:
    """Record the usage of one model call."""
    usage = call.usage or call.estimate
    row = Usage(
        conversation_id=call.conversation_id,
        run_id=call.run_id,
        purpose=call.purpose,
        model=call.model,
        input_tokens=usage.input,
        output_tokens=usage.output,
        cached_tokens=usage.cached,
        reasoning_tokens=usage.reasoning,
        cost=prices.cost(call.model, usage, at=at),
        is_estimated=call.usage is None,
        created_at=at,
    )
    prepared.insert(row)
    return row


def tokens_of(request: ModelRequest) -> int:
    """Estimate the tokens that a model reads for ``request``."""
    return sum(context.tokens_of(message) for message in request.messages)


def estimate(prompt: int, text: str) -> UsageReport:
    """Estimate the usage of a call with ``prompt`` tokens of input that wrote ``text``."""
    return UsageReport(input=prompt, output=context.tokens_of({"content": text}))
