"""Fair shares: how the slots of a live worker are divided among those who ask."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from chats.selectors.parties import Party

MOST_WAITING = 1000
"""Conversations remembered; the sweeper hints again at what is forgotten."""


class FairShares:
    """Who holds the slots of this process, and whose conversations wait for their party's turn.

    Nobody waits in a slot: what finds its party's share used up gives its slot back, and is called
    by whoever of that party ends. Used on one event loop.
    """

    def __init__(self) -> None:
        """Begin with nobody at work."""
        self._held: Counter[str] = Counter()
        self._waiting: dict[UUID, Sequence[Party]] = {}

    def enter(self, conversation: UUID, parties: Sequence[Party]) -> bool:
        """Take a slot for ``conversation`` if all its ``parties`` have room; else let it wait."""
        if not self._has_room(parties):
            if len(self._waiting) < MOST_WAITING:
                self._waiting.setdefault(conversation, parties)
            return False
        self._waiting.pop(conversation, None)
        self._held.update(party.name for party in parties)
        return True

    def leave(self, parties: Sequence[Party]) -> UUID | None:
        """Give a slot back; return the conversation whose turn it is, of whoever holds least."""
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
