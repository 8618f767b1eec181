"""Queries of conversations: one by id, a page of the inbox, the queue."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from channels_layer.access.actors import Actor, Staff, staff_id_of
from channels_layer.errors import NotFoundError
from channels_layer.prepared import Prepared, Slot
from channels_layer.rest import Columns, Rows, readable
from conversations.models import Conversation, ConversationQuerySet, ReadState, Variable
from conversations.objects import conversation as shapes
from handoff.models import Control, Handoff

_SHOWN = Prepared(
    lambda: Conversation.objects.select_related(*Conversation.SHOWN).filter(
        pk=Slot(Conversation, "pk")
    )
)
_ADDRESSED = Prepared(
    lambda: (
        Conversation.objects.select_related("source")
        .only("contact", "author", "author_key", "source__kind")
        .filter(pk=Slot(Conversation, "pk"))
    )
)
_COLUMNS = Columns(lambda: Conversation.objects.values(*shapes.CONVERSATION_FIELDS))
_READ_BY_STAFF = Columns(
    lambda: Conversation.objects.annotate(
        mine=FilteredRelation("read_states", condition=Q(read_states__user=Slot(ReadState, "user")))
    ).values(*shapes.CONVERSATION_FIELDS, read_count=F("mine__customer_count"))
)


def conversation_for(actor: Actor, identifier: UUID | str) -> Conversation:
    """Return the conversation if ``actor`` may read it; ``NotFoundError`` otherwise."""
    return _visible(_one(identifier), actor)


def addressed_by(actor: Actor, identifier: UUID | str) -> Conversation:
    """Do the same for somebody who is about to change it and so will lock it.

    Of the row there is what says whose it is and where it comes from.
    """
    return _visible(_one(identifier, _ADDRESSED), actor)


def chat_for(actor: Actor, identifier: UUID | str) -> Conversation:
    """Return the actor's own chat with an assistant; ``NotFoundError`` otherwise."""
    conversation = _one(identifier)
    if not conversation.is_chat_of(actor):
        raise NotFoundError
    return conversation


def inbox(actor: Actor) -> ConversationQuerySet:
    """Return every conversation the actor may see, newest activity first."""
    return Conversation.objects.visible_to(actor).order_by("-last_message_at", "-id")


def chats(actor: Actor) -> ConversationQuerySet:
    """Return the actor's own chats, newest activity first."""
    return Conversation.objects.chats_of(actor).order_by("-last_message_at", "-id")


def rows(queryset: QuerySet[Conversation], actor: Actor) -> Rows[dict[str, Any]]:
    """Return list rows for ``conversation_objects``, with how far ``actor`` has read."""
    if isinstance(actor, Staff):
        return _READ_BY_STAFF.of(queryset, user=actor.user.pk)
    return _COLUMNS.of(queryset)


def conversation_objects(values: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return list rows as conversation objects; without a read state all is unread."""
    return [
        shapes.conversation_object(row, read_count=row.get("read_count") or 0) for row in values
    ]


def conversation_object(
    conversation: Conversation, actor: Actor, *, scope: str = "conversations"
) -> dict[str, Any]:
    """Return one loaded conversation as ``actor`` sees it, with its unread count.

    ``scope`` is the resource that a key has to be allowed to read.
    """
    read = 0
    if isinstance(actor, Staff):
        read = read_count(conversation, actor.user)
    shown = shapes.conversation_object(shapes.row_of(conversation), read_count=read)
    return readable(shown, by=actor, scope=scope, hidden=shapes.without_customer)


def read_count(conversation: Conversation, user: User) -> int:
    """Return how many customer messages ``user`` has read here."""
    state = conversation.read_states.filter(user=user).only("customer_count").first()
    return state.customer_count if state else 0


def variables(conversation: Conversation) -> QuerySet[Variable]:
    """Return the variables of a conversation, by name."""
    return conversation.variables.order_by("name", "id")


def variable(conversation: Conversation, name: str) -> Variable:
    """Return one variable; ``NotFoundError`` otherwise."""
    found = variables(conversation).filter(name=name).first()
    if found is None:
        raise NotFoundError
    return found


def waiting() -> ConversationQuerySet:
    """Return the queue: conversations whose customers wait for a person, longest first."""
    return Conversation.objects.waiting().order_by("requested_at", "id")


def previous_of(conversation: Conversation) -> ConversationQuerySet:
    """Return the contact's other conversations, newest first; none for a staff chat.

    Each says what happened in it: ``had_handoff`` (a person helped), ``was_escalated`` (one was
    requested), and as always ``has_unanswered`` (the customer had the last word).
    """
    if conversation.contact_id is None:
        return Conversation.objects.none()
    helped = Handoff.objects.filter(conversation=OuterRef("pk"), accepted_at__isnull=False)
    requested = Handoff.objects.filter(conversation=OuterRef("pk"))
    return (
        Conversation.objects.filter(contact_id=conversation.contact_id)
        .exclude(pk=conversation.pk)
        .annotate(
            had_handoff=Exists(helped),
            was_escalated=Exists(requested),
        )
        .order_by("-last_message_at", "-id")
    )


def queue_position(conversation: Conversation) -> int | None:
    """Return the place in the queue, 1 for next, or None when not waiting."""
    if not conversation.is_waiting or conversation.requested_at is None:
        return None
    earlier = Q(requested_at__lt=conversation.requested_at) | Q(
        requested_at=conversation.requested_at, id__lt=conversation.pk
    )
    return waiting().filter(earlier).count() + 1


def joined_by(conversation: Conversation) -> User | None:
    """Return the colleague who joined unasked; None where somebody else asked, or they are gone."""
    if conversation.control != Control.REQUESTED or conversation.is_request_shown:
        return None
    handoff = conversation.handoffs.filter(state=Handoff.State.WAITING).first()
    colleague = staff_id_of(handoff.requested_by) if handoff else None
    return None if colleague is None else User.objects.filter(pk=colleague).first()


def _visible(conversation: Conversation, actor: Actor) -> Conversation:
    if not conversation.is_visible_to(actor):
        raise NotFoundError
    return conversation


def _one(identifier: UUID | str, statement: Prepared[Conversation] = _SHOWN) -> Conversation:
    try:
        key = UUID(str(identifier))
    except ValueError:
        raise NotFoundError from None
    conversation = statement.first(pk=key)
    if conversation is None:
        raise NotFoundError
    return conversation
