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

    What finds its party's share used up gives its slot back, and is called by whoever of that
    party ends; so is what is at work already, which is then looked at once more. Any thread may
    use it.
    """

    def __init__(self) -> None:
        """Begin with nobody at work."""
        self._lock = threading.Lock()
        self._at_work: set[UUID] = set()
        self._held: Counter[str] = Counter()
        self._waiting: dict[UUID, Sequence[Party]] = {}

    def enter(self, key: UUID, parties: Sequence[Party]) -> bool:
        """Take a slot for ``key`` if all its ``parties`` have room; else let it wait."""
        with self._lock:
            if key in self._at_work or not self._has_room(parties):
                if len(self._waiting) < MOST_WAITING:
                    self._waiting.setdefault(key, parties)
                return False
            self._waiting.pop(key, None)
            self._at_work.add(key)
            self._held.update(party.name for party in parties)
            return True

    def leave(self, key: UUID, parties: Sequence[Party]) -> UUID | None:
        """Give the slot of ``key`` back; return what has its turn: of whoever holds least."""
        with self._lock:
            self._at_work.discard(key)
            self._held.subtract(party.name for party in parties)
            self._held += Counter()
            ready = [one for one in self._waiting if self._may_begin(one)]
            if not ready:
                return None
            following = min(ready, key=self._is_held)
            del self._waiting[following]
            return following

    def _may_begin(self, key: UUID) -> bool:
        return key not in self._at_work and self._has_room(self._waiting[key])

    def _is_held(self, key: UUID) -> int:
        """Return how many slots the narrowest party of what waits holds."""
        parties = self._waiting[key]
        return self._held[parties[0].name] if parties else 0

    def _has_room(self, parties: Sequence[Party]) -> bool:
        return all(self._held[party.name] < party.most for party in parties)
