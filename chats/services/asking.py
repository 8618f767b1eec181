"""Asking: a piece of work for a model, written down with what it took, whatever became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from channels_layer.work.leases import LetGoError
from chats.engine.completion import Completion
from chats.engine.errors import ModelError
from chats.engine.parts import ModelRequest
from chats.models import Usage
from chats.services import spending

Complete = Callable[[ModelRequest], Completion]


class StoppedError(LetGoError):
    """The worker ended while the model wrote; ``read`` is what had come, None if it did not ask."""

    def __init__(self, read: str | None = None) -> None:
        """Keep what had come."""
        super().__init__()
        self.read = read


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What is asked, for which conversation, and what for."""

    conversation_id: UUID
    purpose: Usage.Purpose
    request: ModelRequest
    run_id: UUID | None = None

    def took(self, done: Completion | None, read: str = "") -> spending.Call:
        """Give what it took: as the provider said, else by the text that was ``read``."""
        text = done.text if done else read
        return spending.Call(
            conversation_id=self.conversation_id,
            run_id=self.run_id,
            purpose=self.purpose,
            model=self.request.model,
            usage=done.usage if done else None,
            estimate=spending.estimate(spending.tokens_of(self.request), text),
        )


def ask(piece: Piece, complete: Complete, *, at: datetime) -> str:
    """Give what the model writes; ``complete`` asks it, outside of any transaction.

    :raises ModelError: on any failure; what it took until then is written down, too.
    :raises StoppedError: the worker ends; likewise.
    """
    try:
        done = complete(piece.request)
    except (ModelError, StoppedError) as error:
        if error.read is not None:
            spending.record(piece.took(None, error.read), at=at)
        raise
    spending.record(piece.took(done), at=at)
    return done.text
