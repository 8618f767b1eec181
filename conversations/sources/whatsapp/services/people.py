"""People: the contact behind a phone number, a business-scoped user id, or both.

The user id is the person; a number passes on to others, and belongs to its last writer.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop as _

from channels_layer import names
from conversations.models import LONGEST_NAME, Contact, Conversation, Identity, Source
from conversations.services import contacts, messages
from conversations.services.contacts import Details
from conversations.sources.whatsapp.models import USERNAME, Inbound
from conversations.sources.whatsapp.parser import Person
from conversations.sources.whatsapp.services import groups

LONGEST_USERNAME = 100
PASSED_ON = _(
    "The number {phone} belongs to somebody else now, who has a conversation of their own"
)


class NobodyError(ValueError):
    """A message does not say who sent it."""


def identified(
    *, source: Source, person: Person, sent_at: datetime, is_notice: bool = False, at: datetime
) -> Contact:
    """Return the contact of a person, locked, made on first sight; what was unknown is filled in.

    The user id identifies before the phone number: a writer with the number of a contact that has
    another user id is another person, and has the number from then on. A notice (``is_notice``)
    names one person's old and new identities and makes no such difference. Called in the
    transaction of what is written.

    :raises NobodyError: where there is neither.
    """
    if not person.is_known:
        raise NobodyError("It does not say who sent it.")
    known = _without_groups(_locked(source, person), at=at)
    mine, number = known.get(person.user_id), known.get(person.wa_id)
    if number and not is_notice and _is_of_another(number, person):
        contact = mine.contact if mine else _made(source, replace(person, wa_id=""), at=at)
        if _is_newer(number, sent_at):
            _pass_on(number, to=contact, at=at)
            number.contact = contact
    else:
        identity = mine or number
        contact = identity.contact if identity else _made(source, person, at=at)
    if number and number.contact_id != contact.pk:
        person = replace(person, wa_id="")
    for external_id in (person.wa_id, person.user_id):
        if external_id and external_id not in known:
            _add(contact, source, external_id)
    _fill(contact, person)
    return contact


def address_of(person: Person, known: Iterable[str]) -> str:
    """Return which of a person's ``known`` identities to show: a phone number where there is one.

    Of several it is the one that wrote, else the newest, which ``known`` begins with.
    """
    numbers = [one for one in known if one.isdecimal()]
    if person.wa_id in numbers:
        return person.wa_id
    return next(iter(numbers), person.user_id)


def move(*, contact: Contact, source: Source, person: Person, to: Person, at: datetime) -> None:
    """Add a new number or user id to a contact; one that another contact has stays there.

    A group has neither: whoever wrote from it would be answered in front of all its people.
    """
    if groups.identities_of([contact.pk]).exists():
        return
    for old, new in ((person.wa_id, to.wa_id), (person.user_id, to.user_id)):
        if not new or Identity.objects.filter(source=source, external_id=new).exists():
            continue
        former = Identity.objects.filter(contact=contact, source=source, external_id=old)
        if not former.update(external_id=new):
            _add(contact, source, new)
        talks = Conversation.objects.filter(contact=contact, source=source, external_id=old)
        talks.update(external_id=new)
        if new == to.wa_id:
            contacts.set_phone(contact=contact, before=f"+{old}", after=f"+{new}", at=at)


def _locked(source: Source, person: Person) -> dict[str, Identity]:
    """Return the known identities by their external ids, their contacts locked, in order of id.

    A number may pass on while a lock is waited for; then the reading is repeated.
    """
    while True:
        before = {row.pk: row.contact_id for row in _identities(source, person)}
        owners = Contact.objects.filter(pk__in=before.values()).order_by("id")
        list(owners.select_for_update(no_key=True).values_list("pk", flat=True))
        found = _identities(source, person)
        if {row.pk: row.contact_id for row in found} == before:
            return {row.external_id: row for row in found}


def _without_groups(known: dict[str, Identity], *, at: datetime) -> dict[str, Identity]:
    """Leave out identities that a group's contact has, and take them from it: nobody is a group."""
    of_groups = groups.identities_of({one.contact_id for one in known.values()})
    by_contact = {one.contact_id: one for one in of_groups}
    for stray in known.values():
        if group := by_contact.get(stray.contact_id):
            _take_from_group(stray, group, at=at)
    return {name: one for name, one in known.items() if one.contact_id not in by_contact}


def _take_from_group(stray: Identity, group: Identity, *, at: datetime) -> None:
    """Delete a person's identity at a group's contact; what was written there stays the group's."""
    Inbound.objects.filter(identity=stray).update(identity=group)
    talks = Conversation.objects.filter(contact=group.contact_id, source=group.source_id)
    talks.filter(external_id=stray.external_id).update(external_id=group.external_id)
    Identity.objects.filter(pk=stray.pk).delete()
    contacts.set_phone(contact=stray.contact, before=f"+{stray.external_id}", after="", at=at)


def _identities(source: Source, person: Person) -> list[Identity]:
    external_ids = [one for one in (person.user_id, person.wa_id) if one]
    rows = Identity.objects.filter(source=source, external_id__in=external_ids)
    return list(rows.select_related("contact"))


def _is_of_another(number: Identity, person: Person) -> bool:
    """Return whether a number belongs to a contact with another user id."""
    if not person.user_id:
        return False
    user_ids = [one.external_id for one in _user_ids(number)]
    return bool(user_ids) and person.user_id not in user_ids


def _user_ids(number: Identity) -> list[Identity]:
    """Return the user ids of a number's owner, newest first."""
    rows = Identity.objects.filter(contact=number.contact_id, source=number.source_id)
    return [row for row in rows.order_by("-id") if not row.external_id.isdecimal()]


def _is_newer(number: Identity, sent_at: datetime) -> bool:
    """Return whether the number's owner has sent nothing as new as ``sent_at``."""
    theirs = Inbound.objects.filter(
        identity__contact=number.contact_id, identity__source=number.source_id, participant=""
    )
    newest = theirs.aggregate(newest=Max("sent_at"))["newest"]
    return newest is None or sent_at > newest


def _pass_on(number: Identity, *, to: Contact, at: datetime) -> None:
    """Move a number to its present owner; earlier messages stay with the former one."""
    former, user_id = number.contact, _user_ids(number)[0]
    Inbound.objects.filter(identity=number).update(identity=user_id)
    Identity.objects.filter(pk=number.pk).update(contact=to)
    talks = Conversation.objects.filter(contact=former, source=number.source_id)
    talks.filter(external_id=number.external_id).update(external_id=user_id.external_id)
    phone = f"+{number.external_id}"
    contacts.set_phone(contact=former, before=phone, after="", at=at)
    if newest := talks.order_by("-id").first():
        text = PASSED_ON.format(phone=phone)
        messages.system_line(newest.locked(), text, is_public=False, at=at)


def _made(source: Source, person: Person, *, at: datetime) -> Contact:
    """Make the contact of somebody unknown; return it locked, whoever was faster."""
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
    """Fill in what is unknown of a locked contact; written where it changes something."""
    before = (contact.name, contact.phone, dict(contact.attributes))
    reported = {"name": names.line(person.name, LONGEST_NAME), "phone": _phone(person)}
    for field, value in reported.items():
        if field not in contact.kept_fields:
            setattr(contact, field, getattr(contact, field) or value)
    if person.username:
        contact.attributes[USERNAME] = names.line(person.username, LONGEST_USERNAME)
    if before != (contact.name, contact.phone, contact.attributes):
        contact.save(update_fields=["name", "phone", "attributes"])


def _phone(person: Person) -> str:
    return f"+{person.wa_id}" if person.wa_id else ""
