"""Builds webhooks as Meta's servers send them."""

import json
from typing import Any

Json = dict[str, Any]

PHONE_NUMBER_ID = "106540352242922"
VICTOR = "46701234567"
SENT = 1_795_176_000
"""2026-11-20 12:00:00 UTC, the tests' noon."""


def message(kind: str, *, wamid: str = "wamid.1", **fields: Any) -> Json:
    """Return one message of Victor's; ``fields`` are set beside or instead of the usual ones."""
    usual = {"from": VICTOR, "id": wamid, "timestamp": str(SENT), "type": kind}
    return {name: value for name, value in {**usual, **fields}.items() if value is not None}


def text(body: str, **fields: Any) -> Json:
    """Return a text of Victor's."""
    return message("text", **{"text": {"body": body}, **fields})


def reaction(emoji: str | None, to: str, **fields: Any) -> Json:
    """Victor's reaction to the message ``to``; without an emoji he takes it back."""
    reaction = {"message_id": to, **({"emoji": emoji} if emoji else {})}
    return message("reaction", **{"reaction": reaction, **fields})


def contact(**fields: Any) -> Json:
    """Victor's profile."""
    return {"profile": {"name": "Victor"}, "wa_id": VICTOR, **fields}


def status(wamid: str, state: str, **fields: Any) -> Json:
    """Return how far a message of ours has come."""
    usual = {"id": wamid, "status": state, "timestamp": str(SENT), "recipient_id": VICTOR}
    return {**usual, **fields}


def value(*messages: Json, **fields: Any) -> Json:
    """Return what a change of the field ``messages`` carries."""
    usual = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "4680000", "phone_number_id": PHONE_NUMBER_ID},
        "contacts": [contact()],
        "messages": list(messages),
    }
    return {name: value for name, value in {**usual, **fields}.items() if value is not None}


def envelope(*values: Json, field: str = "messages") -> Json:
    """Return a whole webhook; one entry with one change for each value."""
    changes = [{"field": field, "value": one} for one in values]
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "WABA", "time": SENT, "changes": changes}],
    }


def body(*messages: Json, **fields: Any) -> bytes:
    """Return the bytes of a webhook that carries ``messages``."""
    return json.dumps(envelope(value(*messages, **fields))).encode()


def status_body(*statuses: Json) -> bytes:
    """Return the bytes of a webhook that carries statuses alone."""
    change = value(messages=None, contacts=None, statuses=list(statuses))
    return json.dumps(envelope(change)).encode()


def dumped(payload: Json) -> str:
    """Return a payload as the text of a body."""
    return json.dumps(payload)
