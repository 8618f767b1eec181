"""Contacts of the WhatsApp Business app: names from its address book, for people who are known."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from conversations.models import Identity
from conversations.services import contacts
from conversations.services.contacts import Details
from conversations.sources.whatsapp.models import Sender
from conversations.sources.whatsapp.parser.values import mapping, objects, phone, text

FIELD = "smb_app_state_sync"
REMOVED = "remove"


def apply_webhook(*, sender: Sender, field: str, value: Mapping[str, Any], at: datetime) -> bool:
    """Fill in names that are not known yet; false: the field is not for this service.

    Nobody becomes a contact by standing in an address book.
    """
    if field != FIELD:
        return False
    for part in objects(value.get("state_sync")):
        entry = mapping(part.get("contact"))
        number = phone(entry.get("phone_number"))
        name = text(entry.get("full_name")) or text(entry.get("first_name"))
        is_gone = text(part.get("action")).lower() == REMOVED
        known = Identity.objects.select_related("contact").filter(
            source=sender.source, external_id=number
        )
        if number and name and not is_gone and (identity := known.first()):
            contacts.fill(contact=identity.contact, details=Details(name=name), at=at)
    return True
