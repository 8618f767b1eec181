"""What the hub asks the database; these functions run in its threads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from channels_layer.access.actors import Actor
from channels_layer.log import events, topics
from channels_layer.log.events import Occurrence
from channels_layer.sockets.limits import MAX_REPLAY
from channels_layer.transport.broadcast import Frames


@dataclass(frozen=True)
class LogSlice:
    """The log for a new follower: its head, and the missed frames unless they are too many.

    A frame without text fits none.
    """

    start: int
    head: int
    frames: list[tuple[int, str | None]] | None


def slice_of(topic: str, after: int | None, audience: str) -> LogSlice:
    """Read the log from ``after`` on; without it, from its head on."""
    head = events.head(topic)
    start = head if after is None else min(after, head)
    if start == head:
        return LogSlice(start, head, [])
    if head - start > MAX_REPLAY:
        return LogSlice(start, head, None)
    rows = events.replay(topic, after=start, limit=MAX_REPLAY + 1, audience=audience)
    if rows is None or len(rows) > MAX_REPLAY:
        return LogSlice(start, max(head, events.head(topic)), None)
    frames = [(seq, events.text_of(frame)) for seq, frame in rows]
    return LogSlice(start, frames[-1][0] if frames else head, frames)


def snapshots(actor: Actor, topic: str, at: datetime) -> list[str]:
    """Return the frames of the topic's snapshots for ``actor``, such as a live run's text."""
    frames = topics.snapshot(actor, topic)
    shaped = [events.shape(_occurrence(topic, frame, at), actor.audience) for frame in frames]
    return [text_of(frame) for frame in shaped if frame is not None]


def recent(prefixes: Iterable[str], since: datetime, at: datetime) -> dict[str, list[Frames]]:
    """Write the rows of summary topics that changed since ``since``."""
    found: dict[str, list[Frames]] = {}
    for prefix in prefixes:
        kind = topics.kind_of(prefix)
        rows = kind.recent(since) if kind and kind.recent else []
        found[prefix] = [events.frames_of(_occurrence(prefix, row, at)) for row in rows]
    return found


def text_of(frame: dict[str, Any]) -> str:
    """Write a frame as JSON."""
    return orjson.dumps(frame).decode()


def _occurrence(topic: str, frame: topics.Frame, at: datetime) -> Occurrence:
    return Occurrence(topic, frame["type"], events.encoded(frame["data"]), at)
