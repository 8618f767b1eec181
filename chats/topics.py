"""What a follower of a conversation gets beside its log: the text so far of the live run."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from channels_layer import stream, topics
from channels_layer.actors import Actor
from chats import presenters
from chats.events import CHUNK, STATUS
from chats.models import Run


def register() -> None:
    """Send the live run after the replay of a conversation."""
    topics.add_snapshot("conversation", _live_run)


def _live_run(actor: Actor, identifier: str) -> Iterable[dict[str, Any]]:
    """Give the live run's whole text. It is the same for every audience."""
    del actor
    run = Run.objects.live().filter(conversation_id=UUID(identifier)).first()
    if run is None:
        return
    said = stream.read(run.pk)
    is_newer = said is not None and said.attempt >= run.attempt
    attempt, text = (said.attempt, said.text) if said and is_newer else (run.attempt, run.text)
    for data in presenters.snapshot(run, attempt=attempt, text=text):
        yield {"type": CHUNK, "data": data}
    if run.status == Run.Status.WAITING:
        yield {"type": STATUS, "data": {"run": str(run.pk), "state": "waiting_approval"}}
