"""The life of a conversation: start, title, assistant, switch, reading, variables, deletion."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from channels_layer import names
from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.models import Event
from conversations import transports
from conversations.events import (
    CONVERSATION_CREATED,
    CONVERSATION_DELETED,
    TITLE,
)
from conversations.models import (
    Assistant,
    AuthorKind,
    Contact,
    Conversation,
    Message,
    ReadState,
    Source,
    Variable,
)
from conversations.services import contacts, thread, variables
from conversations.signals import stop_requested
from handoff import outbox
from handoff import services as handoff
from handoff.models import Switch

LONGEST_TITLE = 120


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The beginning of a conversation: source, contact and variables.

    ``address`` is the keyed hash of the network address it was begun from.
    """

    source: Source
    contact: Contact | None = None
    external_id: str = ""
    assistant: Assistant | None = None
    variables: dict[str, str] = field(default_factory=dict)
    origin: Variable.Origin = Variable.Origin.API
    context: dict[str, Any] = field(default_factory=dict)
    address: str = ""


@transaction.atomic
def start(*, opening: Opening, by: Actor, at: datetime) -> Conversation:
    """Begin a conversation; without a contact it is the actor's own chat with an assistant."""
    contact = _locked_contact(opening.contact)
    is_own = contact is None
    conversation = Conversation(
        source=opening.source,
        contact=contact,
        external_id=opening.external_id,
        author=by.user if is_own and isinstance(by, Staff) else None,
        author_key=by.key if is_own and isinstance(by, Key) else None,
        assistant=opening.assistant or opening.source.assistant,
        switch=Switch.BLOCKED if contact and contact.is_blocked else Switch.ACTIVE,
        context=opening.context,
        address=opening.address,
        last_message_at=at,
        changed_at=at,
        created_at=at,
    )
    conversation.search_text = contacts.search_text(conversation)
    conversation.save(force_insert=True)
    with thread.changing(conversation):
        thread.update(conversation, event=CONVERSATION_CREATED, at=at)
        if opening.variables:
            variables.write(
                conversation, opening.variables, origin=opening.origin, name=by.label, at=at
            )
    return conversation


@transaction.atomic
def set_variables(
    *,
    conversation: Conversation,
    values: dict[str, str],
    origin: Variable.Origin,
    by: Actor,
    at: datetime,
) -> Conversation:
    """Set named values of the conversation, with where they came from; see ``variables.write``."""
    conversation = conversation.locked()
    variables.write(conversation, values, origin=origin, name=by.label, at=at)
    return conversation


@transaction.atomic
def rename(
    *,
    conversation: Conversation,
    title: str,
    source: Conversation.TitleSource = Conversation.TitleSource.PERSON,
    at: datetime,
) -> Conversation:
    """Set the title; one that a person wrote is overwritten by a person alone."""
    conversation = conversation.locked()
    by_person = source == Conversation.TitleSource.PERSON
    if not by_person and conversation.title_source != Conversation.TitleSource.NONE:
        return conversation
    conversation.title = names.line(title, LONGEST_TITLE)
    conversation.title_source = source
    conversation.search_text = contacts.search_text(conversation)
    data = {"conversation": str(conversation.pk), "title": conversation.title, "source": source}
    with thread.changing(conversation):
        thread.publish(conversation, TITLE, data, at=at)
        thread.update(conversation, "title", "title_source", "search_text", at=at)
    return conversation


@transaction.atomic
def change_assistant(
    *, conversation: Conversation, assistant: Assistant, at: datetime
) -> Conversation:
    """Continue with another assistant; the answer in flight is the former one's."""
    conversation = conversation.locked()
    conversation.assistant = assistant
    thread.update(conversation, "assistant", at=at)
    return conversation


@transaction.atomic
def set_switch(
    *, conversation: Conversation, switch: Switch, by: Actor, at: datetime
) -> Conversation:
    """Set the switch; ``blocked`` is set on the contact, for all its conversations.

    Refused as ``ended`` where this one has ended; the contact itself can be blocked all the same.
    """
    contact = _locked_contact(conversation.contact)
    if contact is not None and switch == Switch.BLOCKED:
        contacts.block(contact=contact, by=by, at=at)
    elif contact is not None and contact.is_blocked:
        contacts.unblock(contact=contact, by=by, at=at)
    return handoff.set_switch(floor=conversation, switch=switch, by=by, at=at)


@transaction.atomic
def mark_read(*, conversation: Conversation, user: User, position: int) -> ReadState:
    """Store how far ``user`` has read; it only moves forward."""
    conversation = conversation.locked()
    state, _ = ReadState.objects.get_or_create(conversation=conversation, user=user)
    position = min(position, conversation.last_position)
    if position <= state.position:
        return state
    later = Message.objects.filter(
        conversation=conversation,
        kind=Message.Kind.MESSAGE,
        author_kind=AuthorKind.CUSTOMER,
        position__gt=position,
    ).count()
    state.position = position
    state.customer_count = conversation.customer_count - later
    state.save(update_fields=["position", "customer_count"])
    transports.transport_of(conversation).acknowledge(conversation, is_typing=False)
    return state


@transaction.atomic
def read_by_customer(*, conversation: Conversation, position: int, at: datetime) -> None:
    """Mark messages to the customer up to ``position`` as read; it only moves forward."""
    conversation = conversation.locked()
    unread = (
        Message.objects.filter(
            conversation=conversation,
            kind=Message.Kind.MESSAGE,
            is_public=True,
            position__lte=position,
            status__in=[Message.Status.SENT, Message.Status.DELIVERED],
        )
        .exclude(author_kind=AuthorKind.CUSTOMER)
        .order_by("position")
    )
    with thread.changing(conversation):
        for message in unread:
            message.status = Message.Status.READ
            message.save(update_fields=["status"])
            thread.revise(conversation, message, at=at)


@transaction.atomic
def delete(*, conversation: Conversation, at: datetime) -> None:
    """Delete a conversation and everything under it; its topic keeps the deletion alone.

    The inbox gets its row for the last time; a client that fetches that row then finds none.
    """
    conversation = conversation.locked()
    thread.publish(conversation, CONVERSATION_DELETED, {"id": str(conversation.pk)}, at=at)
    Event.objects.filter(topic=conversation.topic, seq__lt=conversation.seq).delete()
    outbox.forget(subject=conversation.topic)
    conversation.delete()


def stop_answer(*, conversation: Conversation, run: UUID, by: Actor, at: datetime) -> None:
    """Stop the answer that ``run`` writes in a conversation."""
    stop_requested.send(Conversation, conversation=conversation, run=run, by=by, at=at)


def _locked_contact(contact: Contact | None) -> Contact | None:
    """Lock the contact first, so that a block cannot be missed at the same moment."""
    if contact is None:
        return None
    return Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
