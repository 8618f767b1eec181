"""Choices: an option of a card becomes its writer's message, and the card shows what was taken."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from channels_layer.errors import InvalidError
from conversations import cards
from conversations.cards.words import CHOICE
from conversations.models import AuthorKind, Conversation, Message
from conversations.services import thread


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An option that its reader chose: the message, its card and the option, counted from 0."""

    message: UUID
    card: int
    option: int


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A choice with what it stands for: the message that offered it, and the words it says."""

    offer: Message
    choice: Choice
    value: str

    @property
    def card(self) -> dict[str, Any]:
        """The card beside the writer's message: what was chosen, and whose offer it was."""
        return {
            "type": CHOICE,
            "message": str(self.offer.pk),
            "card": self.choice.card,
            "option": self.choice.option,
            "kind": self.offer.cards[self.choice.card]["type"],
            "author": self.offer.author_name,
        }


def taken(conversation: Conversation, choice: Choice) -> Taken:
    """Return what ``choice`` stands for in a locked conversation.

    :raises InvalidError: nothing like it was offered there.
    """
    rows = Message.objects.filter(conversation=conversation, pk=choice.message, is_public=True)
    offer = rows.exclude(author_kind=AuthorKind.CUSTOMER).first()
    offered = offer.cards[choice.card : choice.card + 1] if offer else []
    found = cards.options(offered[0])[choice.option : choice.option + 1] if offered else []
    if offer is None or not found:
        detail = _("This was not offered in this conversation.")
        raise InvalidError(detail, fields={"choice": [detail]})
    return Taken(offer=offer, choice=choice, value=found[0]["value"])


def mark(conversation: Conversation, taken: Taken, *, at: datetime) -> None:
    """Show on the card what was chosen, in every window; of several choices the newest."""
    offer, choice = taken.offer, taken.choice
    if offer.cards[choice.card].get("chosen") == choice.option:
        return
    offer.cards[choice.card]["chosen"] = choice.option
    offer.save(update_fields=["cards"])
    thread.revise(conversation, offer, at=at)
