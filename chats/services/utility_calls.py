"""Utility calls: titles, packets, summaries and readings by a model, with their usage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from channels_layer.work.leases import LetGoError
from chats.engine.completion import Completion
from chats.engine.parts import ModelError, ModelRequest
from chats.models import Usage
from chats.services import usage

USUAL_FIRST = 60.0
"""Seconds until the first word, for which the limits of utility calls are made."""

Complete = Callable[[ModelRequest], Completion]


class StoppedError(LetGoError):
    """The worker ended while the model wrote; ``read`` is the text so far, None before the call."""

    def __init__(self, read: str | None = None) -> None:
        """Keep the text so far."""
        super().__init__()
        self.read = read


@dataclass(frozen=True, kw_only=True)
class UtilityRequest:
    """A request to a model beside answers: its conversation and its purpose."""

    conversation_id: UUID
    purpose: Usage.Purpose
    request: ModelRequest
    run_id: UUID | None = None

    def model_call(self, done: Completion | None, read: str = "") -> usage.ModelCall:
        """Return its usage: as the provider reported it, else by the text that was ``read``."""
        text = done.text if done else read
        return usage.ModelCall(
            conversation_id=self.conversation_id,
            run_id=self.run_id,
            purpose=self.purpose,
            model=self.request.model,
            usage=done.usage if done else None,
            estimate=usage.estimate(usage.tokens_of(self.request), text),
        )


def seconds(usual: float) -> float:
    """Return how long a utility call may take; models that read slowly get as much more time."""
    return usual * max(1.0, settings.LLM_FIRST_TOKEN_SECONDS / USUAL_FIRST)


def make(utility: UtilityRequest, complete: Complete, *, at: datetime) -> str:
    """Return the model's text; ``complete`` calls the model, outside of any transaction.

    :raises ModelError: on any failure; the usage until then is recorded, too.
    :raises StoppedError: the worker ends; likewise.
    """
    try:
        done = complete(utility.request)
    except (ModelError, StoppedError) as error:
        if error.read is not None:
            usage.record(utility.model_call(None, error.read), at=at)
        raise
    usage.record(utility.model_call(done), at=at)
    return done.text
