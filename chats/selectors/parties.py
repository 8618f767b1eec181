"""Parties: on whose behalf a worker answers or reads, and how much of it each may hold."""

from dataclasses import dataclass
from uuid import UUID

from conversations import source_kinds
from conversations.models import Attachment, Conversation

PER_CONTACT = 3
PER_ADDRESS = 12
PER_SOURCE = 56
"""Of a source where strangers write; the rest of the 64 slots is kept for all others."""
FILES_PER_SENDER = 2
ALL_FILES = 4
"""Of a worker's eight threads, which also deliver messages and write titles."""


@dataclass(frozen=True)
class Party:
    """A contact, an address, a source, a sender of files; and how many slots it may hold."""

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


def parties_of_file(attachment_id: UUID) -> tuple[Party, ...]:
    """Return the parties of a file that is to be read."""
    row = Attachment.objects.filter(pk=attachment_id).values_list("actor", flat=True).first()
    return (Party(f"sender:{row}", FILES_PER_SENDER), Party("files", ALL_FILES))
