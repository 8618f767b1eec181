"""The log: when each request came, began to be answered and ended, for tests and benchmarks."""

from collections import deque
from dataclasses import asdict, dataclass, field
from itertools import count
from time import monotonic
from typing import Any

from config.demo.loopback.exchange import Times

KEPT = 500
"""Requests that are remembered; the oldest are forgotten."""


@dataclass(kw_only=True)
class Entry(Times):
    """One request. Times are seconds of the machine's monotonic clock."""

    id: int
    path: str
    connected: float
    model: str = ""
    tokens: int = 0
    is_refused: bool = False
    usage: dict[str, Any] | None = None
    """What it has reported to have taken."""
    body: dict[str, Any] = field(default_factory=dict)


class Log:
    """The requests since the start, or since they were last forgotten."""

    def __init__(self) -> None:
        """Start empty."""
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._ids = count(1)
        self._seen: dict[str, int] = {}

    def open(self, path: str) -> Entry:
        """Return a new entry for a request that came just now."""
        entry = Entry(id=next(self._ids), path=path, connected=monotonic())
        self._entries.append(entry)
        return entry

    def times(self, key: str) -> int:
        """Return how often this was called with ``key``, this time included."""
        self._seen[key] = self._seen.get(key, 0) + 1
        return self._seen[key]

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()
        self._seen.clear()

    def dump(self) -> list[dict[str, Any]]:
        """Return all entries, oldest first, as JSON objects."""
        return [asdict(entry) for entry in self._entries]
