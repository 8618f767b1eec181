"""Publishing: a locked conversation's row is saved once, its events and its list row are sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from channels_layer.log import events
from conversations.events import CONVERSATION_SUMMARY, CONVERSATION_UPDATED
from conversations.models import Conversation
from conversations.models.conversation import Changes
from conversations.objects.conversation import Json, conversation_object, row_of


@contextmanager
def changing(conversation: Conversation) -> Iterator[Changes]:
    """Collect the changes of a locked conversation; save and send them when the block ends.

    Blocks may lie within one another: the outermost one writes the row once, and announces one
    row of the list if anything that it shows has changed.
    """
    if conversation.changes is not None:
        yield conversation.changes
        return
    conversation.changes = changes = Changes()
    try:
        yield changes
        if changes.fields:
            conversation.save(update_fields=sorted(changes.fields))
        if changes.listed_at is not None:
            _announce(conversation, changes, at=changes.listed_at)
    finally:
        conversation.changes = None


def publish(conversation: Conversation, event: str, data: Json, *fields: str, at: datetime) -> None:
    """Publish an event of a locked conversation, save ``fields``, and send its row of the list."""
    with changing(conversation) as changes:
        publish_unlisted(conversation, event, data, at=at)
        conversation.changed_at = changes.listed_at = at
        changes.fields.update(fields, ["changed_at"])


def publish_unlisted(conversation: Conversation, event: str, data: Json, *, at: datetime) -> None:
    """Publish an event of a locked conversation that changes nothing of its row of the list."""
    with changing(conversation) as changes:
        conversation.seq = events.publish(topic=conversation.topic, type=event, data=data, at=at)
        changes.fields.add("seq")


def update(
    conversation: Conversation,
    *fields: str,
    at: datetime,
    event: str = CONVERSATION_UPDATED,
) -> None:
    """Save ``fields`` of a locked conversation and publish it as it is now."""
    with changing(conversation) as changes:
        # The lock of the row is the lock of its topic, so the seq is known before it is written.
        shown = conversation_object(row_of(conversation) | {"seq": conversation.seq + 1})
        publish(conversation, event, shown, *fields, at=at)
        changes.shown = shown


def _announce(conversation: Conversation, changes: Changes, *, at: datetime) -> None:
    """Send the row of the list; an object that was published last is sent as it is."""
    shown = changes.shown
    if shown is None or shown["seq"] != conversation.seq:
        shown = conversation_object(row_of(conversation))
    events.announce(topic="inbox", type=CONVERSATION_SUMMARY, data=shown, at=at)
