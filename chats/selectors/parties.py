"""Parties: on whose behalf a conversation is answered, and how much of a worker each may hold."""

from dataclasses import dataclass
from uuid import UUID

from conversations import source_kinds
from conversations.models import Conversation

PER_CONTACT = 3
PER_ADDRESS = 12
PER_SOURCE = 56
"""Of a source where strangers write; the rest of the 64 slots is kept for all others."""


@dataclass(frozen=True)
class Party:
    """A contact, a network address or a source, and how many answers it may hold at once."""

    name: str
    most: int


def parties_of(conversation_id: UUID) -> tuple[Party, ...]:
    """Return the parties of a conversation, the narrowest first; none for a chat of staff."""
    columns = ("contact_id", "address", "source_id", "source__kind")
    row = Conversation.objects.filter(pk=conversation_id).values_list(*columns).first()
    if row is None or row[0] is None:
        return ()
    contact, address, source, kind = row
    parties = [Party(f"contact:{contact}", PER_CONTACT)]
    if address:
        parties.append(Party(f"address:{address}", PER_ADDRESS))
    if not source_kinds.of(kind).is_fed_by_api:
        parties.append(Party(f"source:{source}", PER_SOURCE))
    return tuple(parties)
