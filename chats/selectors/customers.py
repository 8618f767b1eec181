"""Reading what is known of a customer before the conversation, and what is only claimed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from channels_layer import names
from channels_layer.prepared import Prepared, Slot
from chats.engine.instructions import LONGEST_NAME, pair
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
_VARIABLES = Prepared(
    lambda: Variable.objects.filter(conversation=Slot(Variable, "conversation")).order_by("name")
)


@dataclass(frozen=True)
class Customer:
    """What is known and what is only claimed of the customer of a conversation."""

    known: dict[str, str]
    """What staff wrote down: the contact's details, then variables."""
    stated: list[str]
    """Lines that nobody has verified, with who stated them: first the contact's details."""


def customer_of(conversation: Conversation) -> Customer:
    """Return what is known and claimed; no variable stands beside a detail that is known."""
    details = _details(conversation)
    kept = conversation.contact.kept_fields if conversation.contact else list(details)
    known = {name: details[name] for name in kept if name in details}
    lines = [pair(name, value) for name, value in details.items() if name not in kept]
    rows = _VARIABLES.rows(conversation=conversation.pk)
    ours = [row for row in rows if row.origin == Variable.Origin.PERSON]
    theirs = [row for row in rows if row.origin != Variable.Origin.PERSON]
    lines += [pair(_marked(row), row.value) for row in _unlike(theirs, details) if row.value]
    known |= {row.name: row.value for row in _unlike(ours, known)}
    return Customer(known, lines[:MOST_STATED])


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


def _unlike(rows: Iterable[Variable], details: dict[str, str]) -> list[Variable]:
    """Leave out variables that would pass for one of the known ``details``."""
    return [row for row in rows if detail_of(row.name) not in details]
