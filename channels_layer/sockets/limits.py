"""The limits of sockets; ``SOCKET_LIMITS`` in the settings may change single figures."""

from dataclasses import dataclass

from django.conf import settings

MAX_REPLAY = 500


@dataclass(frozen=True)
class Limits:
    """Times in seconds, amounts per socket; ``visitor_sockets`` of one visitor in a process."""

    hello: float = 10.0
    heartbeat: float = 15.0
    recheck: float = 4.0
    poll_while_lost: float = 2.0
    summary_window: float = 30.0
    linger: float = 5.0
    burst: int = 120
    frames_per_second: float = 20.0
    waiting_frames: int = 64
    topics: int = 200
    visitor_sockets: int = 20
    queue_frames: int = 1000
    queue_bytes: int = 2 * 1024 * 1024
    stuck: float = 60.0


def current() -> Limits:
    """Return the figures of this deployment."""
    return Limits(**getattr(settings, "SOCKET_LIMITS", {}))
