"""Fan-out: hands ready frames to every server process, from any thread, without ever failing."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass

from channels_layer.transport import redis_clients
from channels_layer.transport.writer import Publish, writer

MAX_FRAME_BYTES = 64 * 1024
"""The longest frame, either way."""


@dataclass(frozen=True, slots=True)
class Frames:
    """One event as text, once per audience.

    An audience without text gets nothing; if the event has a ``seq``, it starts afresh.
    """

    staff: str | None
    visitor: str | None = None

    def for_audience(self, audience: str) -> str | None:
        """Return the text for staff or visitors."""
        return self.visitor if audience == "visitor" else self.staff


Listener = Callable[[str, bytes], None]
"""Called on its own loop with a channel's short name and the payload."""

CONTROL = "control"
FENCES = "fences"

_local: dict[Listener, asyncio.AbstractEventLoop] = {}
_lock = threading.Lock()


def send(topic: str, frames: Frames, *, seq: int | None = None) -> None:
    """Send ``frames`` to all followers of ``topic``; returns at once and never raises."""
    publish(channel_of(topic), pack(frames, seq))


def revoke(reference: str) -> None:
    """Make every socket of the actor ``reference`` (``user:5``) check its rights at once."""
    publish(CONTROL, b"revoked " + reference.encode())


def publish(channel: str, payload: bytes) -> None:
    """Send ``payload`` to every process; without Redis to the listeners of this one."""
    if redis_clients.url():
        writer().put(Publish(redis_clients.name(channel), payload))
        return
    with _lock:
        listeners = list(_local.items())
    for listener, loop in listeners:
        if not loop.is_closed():
            loop.call_soon_threadsafe(listener, channel, payload)


def listen_here(listener: Listener) -> None:
    """Call ``listener`` on the running loop for everything that this process sends."""
    with _lock:
        _local[listener] = asyncio.get_running_loop()


def stop_listening(listener: Listener) -> None:
    """Stop calling ``listener``."""
    with _lock:
        _local.pop(listener, None)


def channel_of(topic: str) -> str:
    """Name the channel of a topic."""
    return f"topic:{topic}"


def pack(frames: Frames, seq: int | None) -> bytes:
    """Write frames as one payload: a line of ``seq`` and lengths, then the texts."""
    staff = (frames.staff or "").encode()
    same = frames.visitor == frames.staff
    visitor = b"" if same or frames.visitor is None else frames.visitor.encode()
    return b"%d %d %d\n" % (seq or 0, len(staff), -1 if same else len(visitor)) + staff + visitor


def unpack(payload: bytes) -> tuple[int | None, Frames]:
    """Read what ``pack`` wrote."""
    line, _, rest = payload.partition(b"\n")
    seq, length, visitors = (int(number) for number in line.split())
    staff = rest[:length].decode() or None
    visitor = staff if visitors < 0 else rest[length:].decode() or None
    return seq or None, Frames(staff=staff, visitor=visitor)
