"""Fair shares: how the slots of a worker are divided among those for whom it works."""

import threading
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from chats.selectors.parties import Party

MOST_WAITING = 1000
"""What is remembered; the sweeper hints again at what is forgotten."""


class FairShares:
    """Who holds the slots of this process, and whose work waits for its party's turn.

    Nobody waits in a slot: what finds its party's share used up gives its slot back, and is called
    by whoever of that party ends. Any thread may use it.
    """

    def __init__(self) -> None:
        """Begin with nobody at work."""
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        self._waiting: dict[UUID, Sequence[Party]] = {}

    def enter(self, key: UUID, parties: Sequence[Party]) -> bool:
        """Take a slot for ``key`` if all its ``parties`` have room; else let it wait."""
        with self._lock:
            if not self._has_room(parties):
                if len(self._waiting) < MOST_WAITING:
                    self._waiting.setdefault(key, parties)
                return False
            self._waiting.pop(key, None)
            self._held.update(party.name for party in parties)
            return True

    def leave(self, parties: Sequence[Party]) -> UUID | None:
        """Give a slot back; return what has its turn now, of the party that holds least."""
        with self._lock:
            self._held.subtract(party.name for party in parties)
            self._held += Counter()
            ready = [key for key, others in self._waiting.items() if self._has_room(others)]
            if not ready:
                return None
            following = min(ready, key=lambda key: self._held[self._waiting[key][0].name])
            del self._waiting[following]
            return following

    def _has_room(self, parties: Sequence[Party]) -> bool:
        return all(self._held[party.name] < party.most for party in parties)
