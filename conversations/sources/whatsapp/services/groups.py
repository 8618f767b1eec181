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
from conversations.sources.whatsapp.parser import origins
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
JOINED = _("{name} joined the WhatsApp group")
LEFT = _("{name} left the WhatsApp group")
ASKS = _("{name} asks to join the WhatsApp group")
WITHDREW = _("{name} does not ask to join the WhatsApp group any more")
SUSPENDED = _("Meta has suspended the WhatsApp group")
CLEARED = _("Meta has lifted the suspension of the WhatsApp group")
RENAMED = _("The WhatsApp group is called {name} now")
NOT_DELETED = _("The WhatsApp group could not be deleted: {reason}")
NOT_RENAMED = _("The WhatsApp group could not be called {name}: {reason}")
NOT_CHANGED = _("A change of the WhatsApp group failed: {reason}")
NOT_ADDED = _("{name} could not be added to the WhatsApp group: {reason}")
NOT_REMOVED = _("{name} could not be removed from the WhatsApp group: {reason}")
NO_REASON = _("Meta gives no reason")
SENTENCES = (
    *(ABOUT, REASON, DELETED, JOINED, LEFT, ASKS, WITHDREW, SUSPENDED, CLEARED, RENAMED),
    *(NOT_DELETED, NOT_RENAMED, NOT_CHANGED, NOT_ADDED, NOT_REMOVED, NO_REASON),
)
"""What is stored, to be read in the reader's language."""
LONGEST_REASON = 300
_DELETES = frozenset({"group_delete", "group_deleted"})
_EVENTS = {
    **dict.fromkeys(_DELETES, DELETED),
    "group_suspend": SUSPENDED,
    "group_suspend_cleared": CLEARED,
}
_REQUESTS = {
    "group_join_request_created": ASKS,
    "group_join_request_revoked": WITHDREW,
}
_MOVES = (
    ("added_participants", JOINED),
    ("removed_participants", LEFT),
)
_REMOVES = "group_participants_remove"
_SETTINGS = ("group_description", "profile_picture", "join_approval_mode")
PARLEY = System()

Part = Mapping[str, Any]
"""What Meta reports of one group."""


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


def _apply(source: Source, group: str, part: Part, *, at: datetime) -> None:
    subject = "" if _failed(part) or _failed(_stated_subject(part)) else _subject_of(part)
    known = Identity.objects.filter(source=source, external_id=address_of(group)).first()
    if known is None:
        if subject:
            _made(source, group, subject=subject, at=at)
        return
    lines = [*_happened(part), *_failures(part)]
    if subject and _rename(known.contact_id, subject, at=at):
        lines.append(RENAMED.format(name=names.quoted(subject)))
    talks = Conversation.objects.filter(contact_id=known.contact_id, source=source)
    if lines and (newest := talks.order_by("-id").first()):
        talk = newest.locked()
        for line in lines:
            messages.system_line(talk, line, is_public=False, at=at)


def _stated_subject(part: Part) -> Any:
    return part.get("subject") or part.get("group_subject")


def _subject_of(part: Part) -> str:
    stated = _stated_subject(part)
    inner = mapping(stated)
    words = inner.get("text") or inner.get("subject") if inner else stated
    return names.line(text(words), LONGEST_NAME)


def _failed(part: Any) -> bool:
    """Return whether Meta reports of a change that it was not made."""
    stated = mapping(part)
    return bool(objects(stated.get("errors"))) or stated.get("update_successful") is False


def _happened(part: Part) -> list[str]:
    """Return what happened in a group, as lines of its thread."""
    kind, found = _kind(part), []
    if kind in _EVENTS and not _failed(part):
        found.append(_EVENTS[kind])
    if kind in _REQUESTS and (name := _who(part)):
        found.append(_REQUESTS[kind].format(name=name))
    for key, line in _MOVES:
        moved = [one for one in objects(part.get(key)) if not _failed(one)]
        found += [line.format(name=name) for one in moved if (name := _who(one))]
    return found


def _failures(part: Part) -> list[str]:
    """Return what was tried in a group and failed, as lines of its thread."""
    kind, whole, found = _kind(part), _failed(part), []
    for one in _unmoved(part):
        line = NOT_REMOVED if kind == _REMOVES else NOT_ADDED
        found += [line.format(name=name, reason=_reason(one, part)) for name in [_who(one)] if name]
    stated = _stated_subject(part)
    if stated and (whole or _failed(stated)):
        name = names.quoted(_subject_of(part))
        found.append(NOT_RENAMED.format(name=name, reason=_reason(stated, part)))
    for setting in map(part.get, _SETTINGS):
        if _failed(setting):
            found.append(NOT_CHANGED.format(reason=_reason(setting, part)))
    if whole and not found:
        line = NOT_DELETED if kind in _DELETES else NOT_CHANGED
        found.append(line.format(reason=_reason(part)))
    return found


def _unmoved(part: Part) -> list[Part]:
    """Return the people of whom Meta reports that they were not added or removed."""
    listed = [one for key, _line in _MOVES for one in objects(part.get(key)) if _failed(one)]
    return [*objects(part.get("failed_participants")), *listed]


def _kind(part: Part) -> str:
    return text(part.get("type")).lower()


def _who(part: Part) -> str:
    """Return one of a group's people, in quotation marks; empty where nobody is named."""
    number = text(part.get("wa_id") or part.get("input") or part.get("user_id"))
    return names.quoted(number) if number else ""


def _reason(*parts: Any) -> str:
    """Return Meta's reason for a failure: the first of ``parts`` that has one."""
    found = next(filter(None, (origins.reason_of(mapping(part)) for part in parts)), "")
    return names.quoted(found, LONGEST_REASON) if found else NO_REASON


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
