"""Groups: each is a conversation of its own, and what is written there goes to the whole group.

The assistant is paused in a group, for its people talk with one another; a person is asked for.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from channels_layer import names
from channels_layer.access.actors import System
from conversations.models import LONGEST_NAME, Contact, Conversation, Identity, Source
from conversations.services import contacts, messages
from conversations.services.contacts import Details
from conversations.sources.whatsapp.models import Sender
from conversations.sources.whatsapp.parser.values import identifier, mapping, objects, text
from handoff import services as handoff
from handoff.models import Control, Lifecycle, Switch

PREFIX = "group:"
UNNAMED = "Group {id}"
LONGEST_ID = 190
FIELDS = frozenset(
    {
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
    }
)
ABOUT = _("{name} is a group on WhatsApp. Its people read what is written here.")
REASON = _("A WhatsApp group wrote; the assistant does not answer in groups.")
DELETED = _("The WhatsApp group was deleted")
JOINED = _("{number} joined the WhatsApp group")
LEFT = _("{number} left the WhatsApp group")
SUSPENDED = _("Meta has suspended the WhatsApp group")
CLEARED = _("Meta has lifted the suspension of the WhatsApp group")
RENAMED = _("The WhatsApp group is called {name} now")
SENTENCES = (ABOUT, REASON, DELETED, JOINED, LEFT, SUSPENDED, CLEARED, RENAMED)
"""What is stored, to be read in the reader's language."""
_EVENTS = {
    "group_delete": DELETED,
    "group_deleted": DELETED,
    "group_suspend": SUSPENDED,
    "group_suspend_cleared": CLEARED,
}
_MOVES = (
    ("added_participants", JOINED),
    ("removed_participants", LEFT),
)
PARLEY = System()


def group_of(conversation: Conversation) -> str:
    """Return Meta's id of the group that a conversation is of; empty for a private one."""
    identity = conversation.external_id
    return identity.removeprefix(PREFIX) if identity.startswith(PREFIX) else ""


def address_of(group: str) -> str:
    """Return the identity of a group, which is nobody's phone number."""
    return f"{PREFIX}{group[:LONGEST_ID]}"


def identities_of(keys: Collection[UUID]) -> QuerySet[Identity]:
    """Return the identities by which contacts are groups; none where all are people."""
    return Identity.objects.filter(contact__in=keys, external_id__startswith=PREFIX)


def identified(*, source: Source, group: str, at: datetime) -> Contact:
    """Return the contact that stands for a group, locked, made on first sight."""
    known = Identity.objects.filter(source=source, external_id=address_of(group)).first()
    key = known.contact_id if known else _made(source, group, subject="", at=at).pk
    return Contact.objects.select_for_update(no_key=True).get(pk=key)


def begin(conversation: Conversation, *, at: datetime) -> None:
    """Begin the conversation of a group: its name, and a paused assistant."""
    contact = conversation.contact
    name = names.quoted(contact.name if contact else "")
    messages.system_line(conversation, ABOUT.format(name=name), at=at)
    handoff.set_switch(floor=conversation, switch=Switch.PAUSED, by=PARLEY, at=at)


def ask_for_person(conversation: Conversation, *, at: datetime) -> None:
    """Ask for a person where neither one nor the assistant would answer a group."""
    is_open = conversation.lifecycle == Lifecycle.ACTIVE and conversation.control == Control.AI
    if is_open and conversation.switch == Switch.PAUSED:
        handoff.join(floor=conversation, by=PARLEY, reason=REASON, at=at)


@transaction.atomic
def apply_webhook(*, sender: Sender, field: str, value: Mapping[str, Any], at: datetime) -> bool:
    """Apply a webhook about groups; false: its field is not for this service."""
    if field not in FIELDS:
        return False
    for part in objects(value.get("groups")) or [value]:
        group = identifier(part.get("group_id") or part.get("id"), most=LONGEST_ID)
        if group:
            _apply(sender.source, group, part, at=at)
    return True


def _apply(source: Source, group: str, part: Mapping[str, Any], *, at: datetime) -> None:
    subject = _subject_of(part)
    known = Identity.objects.filter(source=source, external_id=address_of(group)).first()
    if known is None:
        if subject:
            _made(source, group, subject=subject, at=at)
        return
    lines = list(_lines(part))
    if subject and _rename(known.contact_id, subject, at=at):
        lines.append(RENAMED.format(name=names.quoted(subject)))
    talks = Conversation.objects.filter(contact_id=known.contact_id, source=source)
    if lines and (newest := talks.order_by("-id").first()):
        talk = newest.locked()
        for line in lines:
            messages.system_line(talk, line, is_public=False, at=at)


def _subject_of(part: Mapping[str, Any]) -> str:
    stated = part.get("subject") or part.get("group_subject")
    inner = mapping(stated)
    words = inner.get("text") or inner.get("subject") if inner else stated
    return names.line(text(words), LONGEST_NAME)


def _lines(part: Mapping[str, Any]) -> list[str]:
    """Return what happened in a group, as lines of its thread."""
    found = [_EVENTS[kind]] if (kind := text(part.get("type")).lower()) in _EVENTS else []
    for name, line in _MOVES:
        for one in objects(part.get(name)):
            number = text(one.get("wa_id") or one.get("input") or one.get("user_id"))
            found += [line.format(number=names.quoted(number))] if number else []
    return found


def _made(source: Source, group: str, *, subject: str, at: datetime) -> Contact:
    name = subject or UNNAMED.format(id=group)
    details = Details(external_id=address_of(group), name=name)
    return contacts.identified(source=source, details=details, at=at)


def _rename(key: Any, subject: str, *, at: datetime) -> bool:
    """Give a group's contact its subject, unless staff named it; return whether it is new."""
    contact = Contact.objects.select_for_update(no_key=True).get(pk=key)
    if contact.name == subject or "name" in contact.kept_fields:
        return False
    contacts.set_name(contact=contact, name=subject, at=at)
    return True
