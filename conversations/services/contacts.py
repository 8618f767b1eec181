"""Contacts: identifying, changing, blocking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from channels_layer import names
from channels_layer.access.actors import Actor
from conversations.models import (
    DETAILS,
    LONGEST_NAME,
    Attachment,
    AuthorKind,
    Contact,
    Conversation,
    Identity,
    Message,
    Source,
    handle_of,
)
from conversations.services import thread
from conversations.signals import contact_changed, contact_merged
from handoff import services as handoff
from handoff.models import Handoff


@dataclass(frozen=True, kw_only=True)
class Details:
    """A contact's details as a source reports them; empty means unknown."""

    external_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    is_verified: bool = False


@transaction.atomic
def identified(*, source: Source, details: Details, at: datetime) -> Contact:
    """Return the contact of (source, external id), made on first sight; fill what was unknown.

    Only the pair identifies: an email or phone number never opens another contact's history.
    """
    known = Identity.objects.select_related("contact").filter(
        source=source, external_id=details.external_id
    )
    identity = known.first()
    if identity is None:
        try:
            return _created(source, details, at=at)
        except IntegrityError:  # another request was faster
            identity = known.get()
    return fill(contact=identity.contact, details=details, at=at)


@transaction.atomic
def fill(*, contact: Contact, details: Details, at: datetime) -> Contact:
    """Fill what is unknown of a contact by what a source reports, unless staff emptied it.

    The pair of source and external id may be proven; the details never are. What differs from
    what is known is kept apart, as the attribute ``claimed_email`` for instance. A claim changes
    nothing that conversations show, so none of them is published anew for it.
    """
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    reported = {field: value for field, value in _cleaned(details).items() if value}
    new = {
        field: value
        for field, value in reported.items()
        if not getattr(contact, field) and field not in contact.kept_fields
    }
    claims = {
        f"claimed_{field}": value
        for field, value in reported.items()
        if value != getattr(contact, field) and field not in new
    }
    attributes = contact.attributes | claims
    if not new and attributes == contact.attributes:
        return contact
    contact.attributes = attributes
    if not new:
        contact.save(update_fields=["attributes"])
        return contact
    return _change(contact, new, at=at)


@transaction.atomic
def anonymous(*, source: Source, external_id: str, at: datetime) -> Contact:
    """Create a contact of whom nothing is known but the ``source``."""
    contact = Contact.objects.create(created_at=at)
    Identity.objects.create(contact=contact, source=source, external_id=external_id)
    return contact


@transaction.atomic
def update(
    *,
    contact: Contact,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    at: datetime,
) -> Contact:
    """Change a contact's details as staff: no source changes or fills them any more."""
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    given = {"name": name, "email": email, "phone": phone}
    new = {field: value for field, value in given.items() if value is not None}
    contact.kept_fields = sorted({*contact.kept_fields, *new})
    return _change(contact, new, at=at)


@transaction.atomic
def set_phone(*, contact: Contact, before: str, after: str, at: datetime) -> Contact:
    """Replace a number that a source knows to have changed; another one stays as it is.

    Its conversations are shown anew in any case: they may be known by the number as well.
    """
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    is_free = not contact.phone and "phone" not in contact.kept_fields
    is_this = contact.phone == before
    return _change(contact, {"phone": after} if is_this or is_free else {}, at=at)


@transaction.atomic
def set_name(*, contact: Contact, name: str, at: datetime) -> Contact:
    """Replace the name by one that a source knows to be the present one, unless staff wrote it."""
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    return _change(contact, {} if "name" in contact.kept_fields else {"name": name}, at=at)


@transaction.atomic
def merge(*, former: Contact, into: Contact, at: datetime) -> Contact:
    """Move all that belongs to ``former`` to another contact and delete it; return the other.

    Its details fill what is unknown of the other. A message that is sent once more afterwards is
    recognised by its actor. Neither may be blocked: a block would be lost or passed on.
    """
    pair = sorted([former.pk, into.pk])
    rows = Contact.objects.select_for_update(no_key=True).filter(pk__in=pair).order_by("pk")
    known = {contact.pk: contact for contact in rows}
    lock_conversations(pair)
    former, contact = known[former.pk], known[into.pk]
    details = Details(name=former.name, email=former.email, phone=former.phone)
    contact = fill(contact=contact, details=details, at=at)
    contact.attributes = former.attributes | contact.attributes
    contact.save(update_fields=["attributes"])
    former.identities.update(contact=contact)
    for conversation in lock_conversations([former.pk]):
        _move(conversation, former=former, contact=contact, at=at)
    Attachment.objects.filter(actor=former.reference).update(actor=contact.reference)
    contact_merged.send(Contact, former=former, contact=contact, at=at)
    former.delete()
    return contact


@transaction.atomic
def block(*, contact: Contact, by: Actor, at: datetime) -> Contact:
    """Keep this contact from using the assistant, in all its conversations."""
    return _set_blocked(contact, is_blocked=True, by=by, at=at)


@transaction.atomic
def unblock(*, contact: Contact, by: Actor, at: datetime) -> Contact:
    """Let this contact use the assistant again; it picks up what is unanswered."""
    return _set_blocked(contact, is_blocked=False, by=by, at=at)


def lock_conversations(identifiers: Iterable[Any]) -> list[Conversation]:
    """Lock the conversations of locked contacts in the one order, by id; return them."""
    rows = Conversation.objects.filter(contact__in=identifiers).order_by("id")
    return [conversation.locked() for conversation in rows]


def search_text(conversation: Conversation) -> str:
    """Return the text that the list's search covers, in lower case."""
    contact = conversation.contact
    parts = [conversation.title, conversation.external_id]
    if contact is not None:
        parts += [contact.name, contact.email, contact.phone, handle_of(contact.attributes)]
    if conversation.author is not None:
        parts += [conversation.author.get_full_name(), conversation.author.email]
    return " ".join(part for part in parts if part).lower()


@transaction.atomic
def _created(source: Source, details: Details, *, at: datetime) -> Contact:
    contact = Contact.objects.create(**_cleaned(details), created_at=at)
    Identity.objects.create(
        contact=contact,
        source=source,
        external_id=details.external_id,
        is_verified=details.is_verified,
    )
    return contact


def _cleaned(details: Details) -> dict[str, str]:
    name = names.line(details.name, LONGEST_NAME)
    return {"name": name, "email": details.email, "phone": details.phone}


def _change(contact: Contact, values: Mapping[str, str], *, at: datetime) -> Contact:
    """Set details of a locked contact; its conversations show them at once."""
    for field, value in values.items():
        setattr(contact, field, names.line(value, LONGEST_NAME) if field == "name" else value)
    contact.save(update_fields=[*DETAILS, "kept_fields", "attributes"])
    for conversation in lock_conversations([contact.pk]):
        conversation.search_text = search_text(conversation)
        thread.update(conversation, "search_text", at=at)
    contact_changed.send(Contact, contact=contact, at=at)
    return contact


def _move(conversation: Conversation, *, former: Contact, contact: Contact, at: datetime) -> None:
    """Move a locked conversation, with all that was said and asked in it, to another contact."""
    said = Message.objects.filter(conversation=conversation)
    said.filter(actor=former.reference).update(actor=contact.reference)
    said.filter(author_kind=AuthorKind.CUSTOMER).update(author_id=str(contact.pk))
    Handoff.objects.filter(conversation_id=conversation.pk, requested_by=former.reference).update(
        requested_by=contact.reference
    )
    conversation.contact = contact
    conversation.search_text = search_text(conversation)
    thread.update(conversation, "contact", "search_text", at=at)


def _set_blocked(contact: Contact, *, is_blocked: bool, by: Actor, at: datetime) -> Contact:
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if contact.is_blocked == is_blocked:
        return contact
    contact.blocked_at = at if is_blocked else None
    contact.save(update_fields=["blocked_at"])
    for conversation in lock_conversations([contact.pk]):
        handoff.follow_contact(floor=conversation, is_blocked=is_blocked, by=by, at=at)
    return contact
