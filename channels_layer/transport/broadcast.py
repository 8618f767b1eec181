"""Fan-out: hands ready frames to every server process, from any thread, without ever failing."""

from dataclasses import dataclass

from channels_layer.transport import outbound
from channels_layer.transport.outbound import CONTROL, Item
from channels_layer.transport.texts import TextWrite

MAX_FRAME_BYTES = 64 * 1024
"""The longest frame, either way."""

REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Frames:
    """One event as text, once per audience.

    An audience without text gets nothing; if the event has a ``seq``, it starts afresh.
    """

    staff: str | None
    visitor: str | None = None


def send(
    topic: str, frames: Frames | None, *, seq: int | None = None, text: TextWrite | None = None
) -> None:
    """Send ``frames`` to all followers of ``topic``; returns at once and never raises.

    A run's ``text`` is kept in Redis before.
    """
    item = pack(frames, seq) if frames else None
    outbound.current().put(group_of(topic), item, text)


def revoke(reference: str) -> None:
    """Make every socket of the actor ``reference`` (``user:5``) check its rights at once."""
    outbound.current().put(CONTROL, [REVOKED, reference])


def group_of(topic: str) -> str:
    """Name the group of a topic; groups have no colons."""
    return "topic." + topic.replace(":", ".")


def topic_of(group: str) -> str:
    """Return the topic of a group, which has a full stop before its id alone."""
    return group.removeprefix("topic.").replace(".", ":", 1)


def pack(frames: Frames, seq: int | None) -> Item:
    """Write frames as an item; a text that is the same for both audiences goes once."""
    if frames.visitor == frames.staff:
        return [seq, frames.staff]
    return [seq, frames.staff, frames.visitor]


def unpack(item: Item) -> tuple[int | None, Frames]:
    """Read what ``pack`` wrote."""
    return item[0], Frames(staff=item[1], visitor=item[-1])
