"""Frames that are ready to go out: each is written once, however many sockets send it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from channels_layer.log import events
from channels_layer.transport.broadcast import Frames

Prepare = Callable[[str], bytes]
"""How a server writes a text as it goes over the wire."""
Entry = tuple[int | None, "ReadyFrame | None"]
"""A frame and its ``seq``; a durable event without a frame is too large for one."""


class ReadyFrame:
    """A frame as text; what goes over the wire is made of it once, for all who send it.

    One of a ``topic`` may become one with its neighbours, see ``bundled``.
    """

    __slots__ = ("_wire", "text", "topic")

    def __init__(self, text: str, topic: str = "") -> None:
        """Keep the text."""
        self.text = text
        self.topic = topic
        self._wire: bytes | None = None

    def wire(self, prepare: Prepare) -> bytes:
        """Return what goes over the wire; a process has one server, and so one way to write it."""
        if self._wire is None:
            self._wire = prepare(self.text)
        return self._wire


class Bundle:
    """Frames that a socket sends one after the other."""

    __slots__ = ("_wire", "frames")

    def __init__(self, frames: Sequence[ReadyFrame]) -> None:
        """Keep the frames."""
        self.frames = frames
        self._wire: bytes | None = None

    def wire(self, prepare: Prepare) -> bytes:
        """Return all that goes over the wire."""
        if self._wire is None:
            self._wire = b"".join([frame.wire(prepare) for frame in self.frames])
        return self._wire


class Arrived(NamedTuple):
    """An event's ``seq``, if it is durable, its frames, and when they came to this process."""

    seq: int | None
    frames: Frames
    at: float


class Batch:
    """What came for a topic since the last time; each audience's is written when first needed.

    ``first`` and ``last`` are the ``seq`` of its durable events, which have no gap between;
    ``since`` is when the oldest of all came.
    """

    def __init__(self, topic: str, items: Sequence[Arrived]) -> None:
        """Take items in the order in which followers get them."""
        seqs = [item.seq for item in items if item.seq is not None]
        self.first = seqs[0] if seqs else None
        self.last = seqs[-1] if seqs else None
        self.since = min((item.at for item in items), default=0.0)
        self._topic = topic
        self._items = items
        self._entries: dict[str, list[Entry]] = {}
        self._bundles: dict[str, Bundle | None] = {}

    def entries(self, audience: str) -> list[Entry]:
        """Return the audience's frames one by one, as they came."""
        if audience not in self._entries:
            self._entries[audience] = list(self._of(audience))
        return self._entries[audience]

    def bundle(self, audience: str) -> Bundle | None:
        """Return the audience's frames, joined where that is possible; None if one is missing."""
        if audience not in self._bundles:
            entries = self.entries(audience)
            frames = [frame for _, frame in entries if frame is not None]
            is_whole = len(frames) == len(entries)
            self._bundles[audience] = Bundle(bundled(frames)) if is_whole else None
        return self._bundles[audience]

    def _of(self, audience: str) -> Iterator[Entry]:
        for seq, frames, _ in self._items:
            text = frames.visitor if audience == "visitor" else frames.staff
            if text is not None:
                # What has a seq is counted by its followers: it stays what it is.
                yield seq, ReadyFrame(text, self._topic if seq is None else "")
            elif seq is not None:
                yield seq, None


def bundled(frames: Sequence[ReadyFrame]) -> list[ReadyFrame]:
    """Return as few frames as may be in place of neighbours; what stays as it came is itself."""
    found: list[ReadyFrame] = []
    for topic, some in groupby(frames, lambda frame: frame.topic):
        neighbours = list(some)
        if topic and len(neighbours) > 1:
            own = {frame.text: frame for frame in neighbours}
            texts = events.bundled([frame.text for frame in neighbours])
            neighbours = [own.get(text) or ReadyFrame(text, topic) for text in texts]
        found += neighbours
    return found
