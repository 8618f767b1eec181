"""Utility calls: titles, packets, summaries and readings by a model, with what they took."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from channels_layer.work.leases import LetGoError
from chats.engine.completion import Completion
from chats.engine.errors import ModelError
from chats.engine.parts import ModelRequest
from chats.models import Usage
from chats.services import usage

Complete = Callable[[ModelRequest], Completion]


class StoppedError(LetGoError):
    """The worker ended while the model wrote; ``read`` is what had come, None if it did not ask."""

    def __init__(self, read: str | None = None) -> None:
        """Keep what had come."""
        super().__init__()
        self.read = read


@dataclass(frozen=True, kw_only=True)
class UtilityRequest:
    """What a model is asked for beside an answer: for which conversation, and what for."""

    conversation_id: UUID
    purpose: Usage.Purpose
    request: ModelRequest
    run_id: UUID | None = None

    def model_call(self, done: Completion | None, read: str = "") -> usage.ModelCall:
        """Return what it took: as the provider said, else by the text that was ``read``."""
        text = done.text if done else read
        return usage.ModelCall(
            conversation_id=self.conversation_id,
            run_id=self.run_id,
            purpose=self.purpose,
            model=self.request.model,
            usage=done.usage if done else None,
            estimate=usage.estimate(usage.tokens_of(self.request), text),
        )


def make(utility: UtilityRequest, complete: Complete, *, at: datetime) -> str:
    """Return what the model writes; ``complete`` asks it, outside of any transaction.

    :raises ModelError: on any failure; what it took until then is written down, too.
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
