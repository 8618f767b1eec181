"""Parties: on whose behalf a worker answers or reads, and how much of it each may hold."""

from dataclasses import dataclass
from uuid import UUID

from channels_layer.prepared import Prepared, Slot
from conversations import source_kinds
from conversations.models import Attachment, Conversation

PER_CONTACT = 3
"""At most; of few slots fewer."""
FILES_PER_SENDER = 2
ALL_FILES = 4
"""At most, for the same slots also deliver messages and write titles."""


@dataclass(frozen=True)
class Party:
    """A contact, an address, a source, a sender of files; and how many slots it may hold."""

    name: str
    most: int


@dataclass
class Shares:
    """What each party may hold of a process's ``slots``: one at least."""

    slots: int

    @property
    def of_contact(self) -> int:
        """A quarter, and few of many."""
        return min(PER_CONTACT, max(1, self.slots // 4))

    @property
    def of_address(self) -> int:
        """Three of sixteen."""
        return max(self.of_contact, self.slots * 3 // 16)

    @property
    def of_source(self) -> int:
        """Seven of eight, where strangers write; the rest is kept for all others."""
        return max(1, self.slots * 7 // 8)

    @property
    def of_sender(self) -> int:
        """Files of one sender: a quarter, and few of many."""
        return min(FILES_PER_SENDER, max(1, self.slots // 4))

    @property
    def of_files(self) -> int:
        """All files: half, and few of many."""
        return min(ALL_FILES, max(1, self.slots // 2))


_OF_CONVERSATION = Prepared(
    lambda: Conversation.objects.filter(pk=Slot(Conversation, "pk")).values_list(
        "contact_id", "address", "source_id", "source__kind"
    )
)
_shares = Shares(slots=64)
"""Those of this process."""


def share_out(slots: int) -> None:
    """Let the shares of this process be of so many ``slots`` from now on."""
    _shares.slots = slots


def parties_of(conversation_id: UUID) -> tuple[Party, ...]:
    """Return the parties of a conversation, the narrowest first; none for a chat of staff."""
    row = _OF_CONVERSATION.first(pk=conversation_id)
    if row is None or row[0] is None:
        return ()
    contact, address, source, kind = row
    parties = [Party(f"contact:{contact}", _shares.of_contact)]
    if address:
        parties.append(Party(f"address:{address}", _shares.of_address))
    if not source_kinds.of(kind).is_fed_by_api:
        parties.append(Party(f"source:{source}", _shares.of_source))
    return tuple(parties)


def parties_of_file(attachment_id: UUID) -> tuple[Party, ...]:
    """Return the parties of a file that is to be read."""
    row = Attachment.objects.filter(pk=attachment_id).values_list("actor", flat=True).first()
    return (Party(f"sender:{row}", _shares.of_sender), Party("files", _shares.of_files))
