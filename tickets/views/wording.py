"""Changes of a ticket in words that follow the actor's name."""

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from channels_layer import formats, names
from tickets.models import Priority
from tickets.views.rows import PRIORITY_NAMES, STATUS_WORDS

SENTENCES = {
    "created": gettext_noop("created this ticket"),
    "linked": gettext_noop("linked the conversation with %(after)s"),
    "unlinked": gettext_noop("unlinked the conversation with %(before)s"),
    "status": gettext_noop("changed the status from %(before)s to %(after)s"),
    "assignee": gettext_noop("assigned it to %(after)s"),
    "due_at": gettext_noop("set the due date to %(after)s"),
    "subject": gettext_noop("changed the subject from “%(before)s” to “%(after)s”"),
    "description": gettext_noop("rewrote the description"),
    "priority": gettext_noop("changed the priority from %(before)s to %(after)s"),
    "tags": gettext_noop("set the tags to %(after)s"),
    "requester": gettext_noop("set the requester to %(after)s"),
}
CUSTOMERS = frozenset({"linked", "unlinked", "requester"})
"""Changes whose values are customers, who choose their names."""
LONGEST_SUBJECT = 200
EMPTIED = {
    "assignee": gettext_noop("took it from %(before)s"),
    "due_at": gettext_noop("removed the due date %(before)s"),
    "tags": gettext_noop("removed the tags %(before)s"),
    "requester": gettext_noop("removed the requester %(before)s"),
}


def sentence(field: str, before: Any, after: Any) -> str:
    """Return a change in words, such as ``changed the status from Open to Solved``."""
    words = {"before": _value(field, before), "after": _value(field, after)}
    if not words["after"] and field in EMPTIED:
        return _(EMPTIED[field]) % words
    return _(SENTENCES.get(field, field)) % words


def _value(field: str, value: Any) -> str:
    """Return one value of a change as text for people."""
    match value:
        case None:
            return ""
        case dict():
            return _name(field, str(value.get("name") or "")) or _("nobody")
        case list():
            return ", ".join(value)
        case _:
            return _text(field, str(value))


def _name(field: str, name: str) -> str:
    """Return a name within a sentence, in which a customer's is always quoted."""
    if field in CUSTOMERS:
        return names.quoted(name) if name else ""
    return names.shown(name)


def _text(field: str, value: str) -> str:
    if field == "subject":
        return names.line(names.unquoted(value), LONGEST_SUBJECT)
    if field == "status":
        return str(STATUS_WORDS.get(value, value))
    if field == "priority":
        return str(PRIORITY_NAMES[Priority.of(value)])
    at = parse_datetime(value) if field == "due_at" else None
    return formats.moment(at) if at else value
