"""Who wrote: the contact behind a phone number, a business-scoped user id, or both."""

from datetime import datetime

from django.db import transaction

from conversations.models import Contact, Conversation, Identity, Source
from conversations.services import contacts
from conversations.services.contacts import Details
from conversations.whatsapp.parser import Person

USERNAME = "whatsapp_username"


class NobodyError(ValueError):
    """A message does not say who sent it."""


def identified(*, source: Source, person: Person, at: datetime) -> Contact:
    """Return the contact of a person, locked, made on first sight; what was unknown is filled in.

    The user id identifies before the phone number. Called in the transaction of what is written.

    :raises NobodyError: where there is neither.
    """
    if not person.is_known:
        raise NobodyError("It does not say who sent it.")
    known = {row.external_id: row for row in _identities(source, person)}
    identity = known.get(person.user_id) or known.get(person.wa_id)
    contact = identity.contact if identity else _made(source, person, at=at)
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    for external_id in (person.wa_id, person.user_id):
        if external_id and external_id not in known:
            _add(contact, source, external_id)
    _fill(contact, person)
    return contact


def address_of(*, contact: Contact, source: Source, person: Person) -> str:
    """Return the identity that is written to: a phone number where one is known."""
    if person.wa_id:
        return person.wa_id
    known = Identity.objects.filter(contact=contact, source=source).order_by("-id")
    external_ids = known.values_list("external_id", flat=True)
    return next((one for one in external_ids if one.isdigit()), person.user_id)


def move(*, contact: Contact, source: Source, person: Person, to: Person, at: datetime) -> None:
    """Let a contact have a new number or user id; what somebody else has already stays theirs."""
    for old, new in ((person.wa_id, to.wa_id), (person.user_id, to.user_id)):
        if not new or Identity.objects.filter(source=source, external_id=new).exists():
            continue
        former = Identity.objects.filter(contact=contact, source=source, external_id=old)
        if not former.update(external_id=new):
            _add(contact, source, new)
        talks = Conversation.objects.filter(contact=contact, source=source, external_id=old)
        talks.update(external_id=new)
        if new == to.wa_id:
            contacts.update(contact=contact, phone=f"+{new}", at=at)


def _identities(source: Source, person: Person) -> list[Identity]:
    external_ids = [one for one in (person.user_id, person.wa_id) if one]
    rows = Identity.objects.filter(source=source, external_id__in=external_ids)
    return list(rows.select_related("contact"))


def _made(source: Source, person: Person, *, at: datetime) -> Contact:
    details = Details(
        external_id=person.wa_id or person.user_id,
        name=person.name,
        phone=_phone(person),
    )
    return contacts.identified(source=source, details=details, at=at)


@transaction.atomic
def _add(contact: Contact, source: Source, external_id: str) -> None:
    Identity.objects.bulk_create(
        [Identity(contact=contact, source=source, external_id=external_id)], ignore_conflicts=True
    )


def _fill(contact: Contact, person: Person) -> None:
    contact.name = contact.name or person.name
    contact.phone = contact.phone or _phone(person)
    if person.username:
        contact.attributes[USERNAME] = person.username
    contact.save(update_fields=["name", "phone", "attributes"])


def _phone(person: Person) -> str:
    return f"+{person.wa_id}" if person.wa_id else ""
