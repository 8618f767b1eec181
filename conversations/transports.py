"""The protocol of a source: its kind, what may be said there, and how messages leave.

The folder of a source registers one ``Transport``, and nothing else in Parley names its kind. Most
customers read in Parley itself; a customer who reads elsewhere is reached through deliveries, which
the transport sends.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from channels_layer.errors import DomainError, InvalidError, RefusedError
from conversations import cards, source_kinds
from conversations.source_kinds import SourceKind

if TYPE_CHECKING:
    from conversations.models import Attachment, Conversation, Delivery, Message


class NoTemplatesError(InvalidError):
    """A template was to be sent where there are none."""

    detail = _("There are no templates for this source; send a text.")


class WindowClosedError(RefusedError):
    """The reply window is closed: the customer wrote too long ago."""

    code = "window_closed"
    detail = _("The customer wrote too long ago; nothing may be said until they write again.")

    def __init__(self) -> None:
        """Name the field."""
        super().__init__(fields={"text": [str(self.detail)]})


class SendStatus(StrEnum):
    """How an attempt to send ended."""

    SENT = "sent"
    FAILED = "failed"
    AGAIN = "again"
    UNCLEAR = "unclear"


@dataclass(frozen=True, kw_only=True)
class SendResult:
    """The result of an attempt to send one delivery.

    ``AGAIN``: it surely did not leave and may be tried again, in ``retry_in`` seconds at the
    earliest. ``UNCLEAR``: nobody knows whether it left.
    """

    status: SendStatus
    provider_id: str = ""
    error_code: str = ""
    error: str = ""
    retry_in: float = 0.0


@dataclass(frozen=True, kw_only=True)
class StatusReport:
    """A provider's report of a delivery: ``state`` is sent, delivered, read or failed.

    ``provider_id`` is its own id, ``tracker`` the one that the delivery sent along; ``error`` is
    in plain words.
    """

    state: str
    provider_id: str = ""
    tracker: str = ""
    error_code: str = ""
    error: str = ""


class ReportEffect(StrEnum):
    """The effect of a status report."""

    UNKNOWN = "unknown"
    UNCHANGED = "unchanged"
    CHANGED = "changed"


class NothingToRetryError(DomainError):
    """The file has arrived and was read, or a worker is at it."""

    code = "nothing_to_retry"
    detail = _("There is nothing to try again: the file was read, or it is still on its way.")


class Transport(SourceKind):
    """A kind of source, and how its customers are reached; this one: they read in Parley itself."""

    delivers = False
    """Whether public messages leave through deliveries."""

    def parts(
        self,
        conversation: "Conversation",
        message: "Message",
        files: Sequence["Attachment"],
        template: Mapping[str, Any] | None,
    ) -> list[dict[str, Any]]:
        """Cut a message that was just written into what is sent one by one; empty: it stays here.

        Called in the transaction of the message; each part becomes the ``content`` of a delivery.
        """
        del conversation, message, files, template
        return []

    def refuse(
        self, conversation: "Conversation", *, template: Mapping[str, Any] | None, at: datetime
    ) -> None:
        """Raise a ``DomainError`` where nothing, or only a template, may be said now.

        ``template`` is the template that is to be sent, or None for free text. Called in the
        transaction of the message, the conversation locked.
        """
        if template is not None:
            raise NoTemplatesError
        if conversation.is_window_closed(at):
            raise WindowClosedError

    def cards_of(self, message: "Message") -> tuple[str, cards.Card | None]:
        """Return a message's cards as text, and the choice that is offered for a tap."""
        return cards.parted(message.cards, at_most=self.interactive_replies)

    def words_of(self, conversation: "Conversation", template: Mapping[str, Any]) -> str:
        """Return the text of a template that was not refused, as the customer reads it."""
        del conversation, template
        return ""

    def pause(self, conversation: "Conversation", *, at: datetime) -> float:
        """Return for how many seconds nothing leaves; 0: it may leave now."""
        del conversation, at
        return 0.0

    def send(
        self, delivery: "Delivery", *, begin: Callable[[], bool], at: datetime
    ) -> SendResult | None:
        """Send one claimed delivery, never in a transaction.

        ``begin`` is called once, right before the request that cannot be taken back; where it
        returns false, another worker has the delivery: stop, and return None.
        """
        raise NotImplementedError

    def fetch_again(self, attachment: "Attachment", *, at: datetime) -> None:
        """Fetch a file that did not arrive once more, its conversation locked."""
        del attachment, at
        raise NothingToRetryError

    def acknowledge(self, conversation: "Conversation", *, is_typing: bool) -> None:
        """Show the customer that the last message was read, and maybe that an answer is written."""
        del conversation, is_typing


_here = Transport()


def register(transport: Transport) -> None:
    """Register the transport and its kind."""
    source_kinds.register(transport)


def transport_of(conversation: "Conversation") -> Transport:
    """Return the transport of this conversation's source."""
    found = source_kinds.of(conversation.source.kind)
    return found if isinstance(found, Transport) else _here
