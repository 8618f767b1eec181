"""Queries of a conversation's messages, by position, and the order in which they are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from channels_layer.access.actors import Actor, Visitor
from channels_layer.errors import NotFoundError
from channels_layer.prepared import Slot
from conversations.models import AuthorKind, Conversation, Message

PAGE = 50


class Placed(Protocol):
    """What stands at a place of a thread."""

    @property
    def place(self) -> float:
        """Where it stands."""


P = TypeVar("P", bound=Placed)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A stretch of messages in ascending position, and whether more lie on either side."""

    messages: list[Message]
    has_earlier: bool
    has_later: bool


def page(
    conversation: Conversation,
    actor: Actor,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = PAGE,
) -> Page:
    """Return messages before or after a position, or the newest page without either."""
    visible = _visible(conversation, actor)
    if after is not None:
        upper = visible.filter(position__gt=after)
        if before is not None:
            upper = upper.filter(position__lt=before)
        found = list(upper.order_by("position")[: limit + 1])
        return Page(messages=found[:limit], has_earlier=after > 0, has_later=len(found) > limit)
    lower = visible if before is None else visible.filter(position__lt=before)
    found = list(lower.order_by("-position")[: limit + 1])
    return Page(
        messages=found[:limit][::-1],
        has_earlier=len(found) > limit,
        has_later=before is not None,
    )


def around(conversation: Conversation, actor: Actor, *, position: int, limit: int = PAGE) -> Page:
    """Return messages on both sides of ``position``, itself among the later ones."""
    earlier = page(conversation, actor, before=position, limit=limit // 2)
    later = page(conversation, actor, after=max(0, position - 1), limit=limit - limit // 2)
    return Page(
        messages=earlier.messages + later.messages,
        has_earlier=earlier.has_earlier,
        has_later=later.has_later,
    )


def first_unread(conversation: Conversation, *, after: int) -> int | None:
    """Return the position of the customer's first message beyond ``after``, or None."""
    unread = Message.objects.filter(
        conversation=conversation,
        position__gt=after,
        author_kind=AuthorKind.CUSTOMER,
        kind=Message.Kind.MESSAGE,
    )
    return unread.order_by("position").values_list("position", flat=True).first()


def in_order(entries: Iterable[P]) -> list[P]:
    """Return entries as a thread shows them: each answer where it began."""
    return sorted(entries, key=attrgetter("place"))


def last_of(entries: QuerySet[Message]) -> Message | None:
    """Return the one of ``entries`` that stands last in their thread.

    Of what was written while the newest answer was, all stands below it.
    """
    newest = entries.order_by("-position").first()
    if newest is None or newest.behind is None:
        return newest
    below = entries.filter(position__gt=newest.behind).exclude(pk=newest.pk)
    return below.order_by("-position").first() or newest


def last_said(conversation: Conversation) -> Message | None:
    """Return the message that stands last: not a note, not a system line."""
    return last_of(Message.objects.filter(conversation=conversation, kind=Message.Kind.MESSAGE))


def before(conversation: Conversation, actor: Actor, message: Message) -> Message | None:
    """Return the entry right above ``message``, or None for the first.

    That may be an answer that was being written meanwhile, of which at most a page came first.
    """
    entries = _visible(conversation, actor)
    written_later = entries.filter(
        position__range=(message.position + 1, message.position + PAGE),
        behind__lt=message.position,
    )
    newest = written_later.order_by("-position").first()
    above = (last_of(entries.filter(position__lt=message.place)), newest)
    return max((one for one in above if one), key=attrgetter("place"), default=None)


def message_for(actor: Actor, conversation: Conversation, identifier: UUID) -> Message:
    """Return one message of a conversation that ``actor`` may see."""
    message = _visible(conversation, actor).filter(pk=identifier).first()
    if message is None:
        raise NotFoundError
    return message


def history(conversation: Conversation | Slot) -> QuerySet[Message]:
    """Return what the assistant may read: the public messages that still hold, in order."""
    said = Message.objects.filter(
        conversation=conversation, kind=Message.Kind.MESSAGE, is_public=True
    )
    return said.exclude(error=Message.REPLACED).order_by("position")


def _visible(conversation: Conversation, actor: Actor) -> QuerySet[Message]:
    messages = (
        Message.objects.filter(conversation=conversation)
        .select_related("reply_to")
        .prefetch_related("attachments__reading")
    )
    return messages.filter(is_public=True) if isinstance(actor, Visitor) else messages
