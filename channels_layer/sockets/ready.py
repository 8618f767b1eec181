"""Frames that are ready to go out: each is written once, however many sockets send it."""

from collections.abc import Callable, Iterator, Sequence

from channels_layer.log import events
from channels_layer.transport.broadcast import Frames

Prepare = Callable[[str], bytes]
"""How a server writes a text as it goes over the wire."""
Entry = tuple[int | None, "ReadyFrame | None"]
"""A frame and its ``seq``; a durable event without a frame is too large for one."""


class ReadyFrame:
    """A frame as text; what is made of it is made once, and shared by all who send it.

    One of a ``topic`` may be joined with the topic's next one.
    """

    __slots__ = ("_joined", "_wire", "text", "topic")

    def __init__(self, text: str, topic: str = "") -> None:
        """Keep the text."""
        self.text = text
        self.topic = topic
        self._wire: bytes | None = None
        self._joined: tuple[ReadyFrame, ReadyFrame | None] | None = None

    def wire(self, prepare: Prepare) -> bytes:
        """Return what goes over the wire; a process has one server, and so one way to write it."""
        if self._wire is None:
            self._wire = prepare(self.text)
        return self._wire

    def joined(self, later: "ReadyFrame") -> "ReadyFrame | None":
        """Return one frame in place of this and the topic's next; None where both are needed."""
        if self._joined is None or self._joined[0] is not later:
            text = events.joined(self.text, later.text) if self.topic == later.topic else None
            self._joined = (later, None if text is None else ReadyFrame(text, self.topic))
        return self._joined[1]


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


class Batch:
    """What came for a topic since the last time; each audience's is written when first needed.

    ``first`` and ``last`` are the ``seq`` of its durable events, which have no gap between.
    """

    def __init__(self, topic: str, items: Sequence[tuple[int | None, Frames]]) -> None:
        """Take items in the order in which followers get them."""
        seqs = [seq for seq, _ in items if seq is not None]
        self.first = seqs[0] if seqs else None
        self.last = seqs[-1] if seqs else None
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
            self._bundles[audience] = Bundle(_joined(frames)) if is_whole else None
        return self._bundles[audience]

    def _of(self, audience: str) -> Iterator[Entry]:
        for seq, frames in self._items:
            text = frames.visitor if audience == "visitor" else frames.staff
            if text is not None:
                # What has a seq is counted by its followers: it stays what it is.
                yield seq, ReadyFrame(text, self._topic if seq is None else "")
            elif seq is not None:
                yield seq, None


def _joined(frames: Sequence[ReadyFrame]) -> list[ReadyFrame]:
    joined: list[ReadyFrame] = []
    for frame in frames:
        one = joined[-1].joined(frame) if joined and frame.topic else None
        if one is None:
            joined.append(frame)
        else:
            joined[-1] = one
    return joined
