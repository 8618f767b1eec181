"""Backgrounds: what is known of a customer before the conversation, and what is only claimed."""

import re
from collections.abc import Iterable

from django.db.models import QuerySet

from channels_layer import names
from chats.engine.instructions import LONGEST_NAME, Background, pair
from chats.services import packets
from conversations.models import Contact, Conversation, Variable
from handoff.models import name_of

MOST_STATED = 50
_OWNER = re.compile(r"^(customer|contact|client|user|visitor|my|your)(?=.)")
_NOT_WORD = re.compile(r"[\W_]+")
_DETAILS = {
    "name": frozenset({"name", "fullname"}),
    "email": frozenset({"email", "mail", "emailaddress", "mailaddress"}),
    "phone": frozenset({"phone", "phonenumber", "telephone", "telephonenumber", "tel", "mobile"}),
}
"""Names under which a variable would pass for a detail of the contact."""


def known(conversation: Conversation) -> dict[str, str]:
    """Return what staff wrote down of the customer: the contact's details, then variables."""
    details = _details(conversation)
    if conversation.contact:
        details = {one: details[one] for one in conversation.contact.kept_fields if one in details}
    rows = _variables(conversation).filter(origin=Variable.Origin.PERSON)
    return details | {row.name: row.value for row in _unlike(rows, details)}


def background(conversation: Conversation, *, summary: str) -> str:
    """Return what precedes the conversation for its assistant; customers' words stand in it."""
    return Background(
        stated=stated(conversation),
        summary=summary,
        quotes=packets.return_quotes(conversation.pk),
    ).text()


def stated(conversation: Conversation) -> list[str]:
    """Return lines about the customer that nobody has verified, and who stated them.

    The contact's details come first, and no variable stands beside a detail that is known.
    """
    details = _details(conversation)
    kept = conversation.contact.kept_fields if conversation.contact else list(details)
    lines = [pair(name, value) for name, value in details.items() if name not in kept]
    rows = _variables(conversation).exclude(origin=Variable.Origin.PERSON)
    lines += [pair(_marked(row), row.value) for row in _unlike(rows, details) if row.value]
    return lines[:MOST_STATED]


def detail_of(name: str) -> str:
    """Return the detail of a contact as which a variable would pass, empty for none."""
    plain = _OWNER.sub("", _NOT_WORD.sub("", name.casefold()))
    return next((detail for detail, passing in _DETAILS.items() if plain in passing), "")


def _marked(variable: Variable) -> str:
    """Return the name of a variable with who stated it."""
    room = LONGEST_NAME - len(variable.stated_by) - len(" ()")
    return f"{names.line(variable.name, room)} ({variable.stated_by})"


def _details(conversation: Conversation) -> dict[str, str]:
    """Return the details of the contact, or of the colleague whose chat it is, that are known."""
    if contact := conversation.contact:
        return _known_of(contact)
    return {"name": names.line(name_of(conversation.author))} if conversation.author else {}


def _known_of(contact: Contact) -> dict[str, str]:
    details = {"name": names.line(contact.name), "email": contact.email, "phone": contact.phone}
    return {name: value for name, value in details.items() if value}


def _variables(conversation: Conversation) -> QuerySet[Variable]:
    return Variable.objects.filter(conversation=conversation).order_by("name")


def _unlike(rows: Iterable[Variable], details: dict[str, str]) -> list[Variable]:
    """Leave out variables that would pass for one of the known ``details``."""
    return [row for row in rows if detail_of(row.name) not in details]
