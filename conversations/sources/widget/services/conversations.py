"""Conversations of visitors: begin, write, request a person, end."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from channels_layer.access.actors import Visitor
from conversations.models import Contact, Conversation, Identity, Message, Variable
from conversations.selectors.conversations import conversation_for
from conversations.services import contacts, conversations, messages
from conversations.services.contacts import Details
from conversations.services.conversations import Opening
from conversations.services.messages import Draft
from conversations.sources.widget import prechat
from conversations.sources.widget.models import Widget
from conversations.sources.widget.services import rates
from conversations.sources.widget.services.sessions import TokenRefusedError
from handoff import services as handoff
from handoff.models import Control, Lifecycle
from handoff.services import AlreadyAcceptedError

REQUESTED = _("The customer asked for a person")


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """The beginning of a visitor's conversation: the form, and the page where it was filled in.

    ``address`` is the visitor's hashed network address, empty where it is unknown.
    """

    variables: dict[str, str] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    client_id: str | None = None
    address: str = ""


@transaction.atomic
def start(
    *, widget: Widget, visitor: Visitor, beginning: Beginning, at: datetime
) -> tuple[Conversation, bool]:
    """Begin a conversation; return it and whether it is new: a ``client_id`` begins one once."""
    contact = _locked(visitor)
    known = Conversation.objects.visible_to(visitor)
    if beginning.client_id and (seen := _begun(known, client_id=beginning.client_id)):
        return seen, False
    rates.refuse_starts(visitor=visitor, address=beginning.address, at=at)
    _fill_in(contact, widget, beginning.variables, at=at)
    context = {**beginning.context, "client_id": beginning.client_id}
    conversation = _open(widget, visitor, context=context, address=beginning.address, at=at)
    form = {declared["name"] for declared in widget.prechat_fields}
    filled = {name: value for name, value in beginning.variables.items() if name in form}
    given = {name: value for name, value in beginning.variables.items() if name not in form}
    for values, origin in ((filled, Variable.Origin.FORM), (given, Variable.Origin.SITE)):
        conversation = _note(conversation, visitor, values, origin=origin, at=at)
    return conversation, True


def say(
    *,
    widget: Widget,
    conversation: Conversation,
    visitor: Visitor,
    draft: Draft,
    variables: dict[str, str],
    at: datetime,
) -> tuple[Message, bool]:
    """Write as the visitor; return the message and whether it is new.

    What ended longer ago than the widget's ``reopen_after`` goes on in a new conversation, whose
    id the message then carries.
    """
    is_over = _is_over(conversation, widget, at=at)
    own = Conversation.objects.visible_to(visitor)
    if seen := _said(visitor, draft, own if is_over else own.filter(pk=conversation.pk)):
        return seen, False
    # Whoever is refused takes no lock, for which others would wait.
    rates.refuse_talks(visitor=visitor, conversation=conversation, at=at)
    with transaction.atomic():
        if is_over:
            conversation = _successor(conversation, widget, visitor, at=at)
            draft = replace(draft, choice=None)  # that stays behind, its words do not
        message, is_new = messages.customer_message(
            conversation=conversation, by=visitor, draft=draft, at=at
        )
        if is_new and message.conversation.contact_id != visitor.contact_id:
            raise TokenRefusedError  # signed in at this very moment
        if is_new:
            _note(conversation, visitor, variables, origin=Variable.Origin.SITE, at=at)
    return message, is_new


def escalate(*, conversation: Conversation, visitor: Visitor, at: datetime) -> Conversation:
    """Request a person; a visitor who waits for one or talks to one already changes nothing.

    Raises ``TooFastError`` for a visitor who requests one again and again.
    """
    if conversation.control == Control.AGENT or conversation.is_request_shown:
        return conversation
    rates.refuse_escalations(visitor=visitor, at=at)
    try:
        return handoff.join(floor=conversation, by=visitor, reason=REQUESTED, at=at)
    except AlreadyAcceptedError:  # an agent took over at this very moment
        return conversation_for(visitor, conversation.pk)


def withdraw(*, conversation: Conversation, visitor: Visitor, at: datetime) -> Conversation:
    """Give up the place in the queue; where a person answers already, nothing changes."""
    return handoff.withdraw(floor=conversation, by=visitor, at=at)


def end(*, conversation: Conversation, visitor: Visitor, at: datetime) -> Conversation:
    """End the conversation as its customer."""
    return handoff.end(floor=conversation, by=visitor, at=at)


def _locked(visitor: Visitor) -> Contact:
    """Lock the visitor's contact; it may have been merged into another at this very moment."""
    contact = Contact.objects.select_for_update(no_key=True).filter(pk=visitor.contact_id).first()
    if contact is None:
        raise TokenRefusedError
    return contact


def _begun(known: Any, *, client_id: str) -> Conversation | None:
    found: Conversation | None = (
        known.filter(context__client_id=client_id).select_related(*Conversation.SHOWN).first()
    )
    return found


def _open(
    widget: Widget, visitor: Visitor, *, context: dict[str, Any], address: str, at: datetime
) -> Conversation:
    contact = Contact.objects.get(pk=visitor.contact_id)
    identity = Identity.objects.filter(
        contact=contact, source=widget.source, is_verified=True
    ).first()
    opening = Opening(
        source=widget.source,
        contact=contact,
        external_id=identity.external_id if identity else "",
        context=context,
        address=address,
    )
    return conversations.start(opening=opening, by=visitor, at=at)


def _fill_in(contact: Contact, widget: Widget, values: dict[str, str], *, at: datetime) -> None:
    """Fill the contact's unknown details from the form."""
    given = prechat.details(widget.prechat_fields, values)
    details = Details(
        name=given.get("name", ""), email=given.get("email", ""), phone=given.get("phone", "")
    )
    contacts.fill(contact=contact, details=details, at=at)


def _note(
    conversation: Conversation,
    visitor: Visitor,
    values: dict[str, str],
    *,
    origin: Variable.Origin,
    at: datetime,
) -> Conversation:
    if not values:
        return conversation
    return conversations.set_variables(
        conversation=conversation, values=values, origin=origin, by=visitor, at=at
    )


def _is_over(conversation: Conversation, widget: Widget, *, at: datetime) -> bool:
    ended_at = conversation.ended_at
    return conversation.is_ended and ended_at is not None and at - ended_at > widget.reopen_after


def _said(visitor: Visitor, draft: Draft, within: Any) -> Message | None:
    """Find the message in the conversations where it may have been stored."""
    if draft.client_id is None:
        return None
    return Message.objects.filter(
        conversation__in=within,
        actor=visitor.reference,
        client_id=draft.client_id,
    ).first()


def _successor(
    conversation: Conversation, widget: Widget, visitor: Visitor, *, at: datetime
) -> Conversation:
    """Return the conversation in which a finished one goes on; made at the first message."""
    _locked(visitor)
    following = (
        Conversation.objects.visible_to(visitor)
        .filter(lifecycle=Lifecycle.ACTIVE, context__continues=str(conversation.pk))
        .first()
    )
    context = {"continues": str(conversation.pk)}
    return following or _open(widget, visitor, context=context, address=conversation.address, at=at)
