"""One row of the table of all that Meta sends, and how its webhook is made for a customer."""

import dataclasses
from dataclasses import dataclass
from time import time
from typing import Any

from config.demo.graph.world import Chat, Json, new_wamid

SAME = "the same, as the customer's words"
COLLEAGUE = "the same, as a colleague's words"
NOTHING = "nothing"
ANSWERS = "a message; it is answered"
LOGGED = "the log of webhooks in the admin names it"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One field or type of Meta's; ``staff`` is what stands in the thread, empty for nothing.

    ``message`` is a message in Meta's form without what all have; ``value`` is the whole value of
    another field. Texts such as ``$id`` stand for what differs (see ``made``).
    """

    field: str = "messages"
    type: str = ""
    did: str
    staff: str = ""
    model: str = SAME
    does: str = ANSWERS
    message: Json = dataclasses.field(default_factory=dict)
    value: Json = dataclasses.field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the row is called by, uniquely."""
        return f"{self.field}: {self.type}" if self.type else self.field


def made(row: Row, chat: Chat, files: dict[str, str] | None = None) -> Json:
    """Return the value of the row's webhook for a chat, with fresh ids and the present time.

    ``files`` are the ids at Meta of what is sent, by names such as ``$photo``.
    """
    words = _words(chat) | (files or {})
    if row.value:
        filled = _filled(row.value, words)
        return {"metadata": _metadata(chat), **filled}
    usual = {"id": "$id", "timestamp": "$time"}
    part = "message_echoes" if row.field.endswith("message_echoes") else "messages"
    ends = {"from": "$business", "to": "$phone", "to_user_id": "$user_id"}
    if part == "messages":
        ends = {"from": "$phone", "from_user_id": "$user_id"}
    message = _filled({**ends, **usual, **row.message}, words)
    contact = {"profile": {"name": "$name"}, "wa_id": "$phone", "user_id": "$user_id"}
    return {
        "messaging_product": "whatsapp",
        "metadata": _metadata(chat),
        "contacts": [_filled(contact, words)],
        part: [message],
    }


def _words(chat: Chat) -> dict[str, str]:
    said = [item.id for item in chat.items if item.is_mine]
    heard = [item.id for item in chat.items if not item.is_mine and not item.is_echo]
    return {
        "$id": new_wamid(),
        "$time": str(int(time())),
        "$phone": chat.person.phone,
        "$user_id": chat.person.user_id,
        "$name": chat.person.name,
        "$business": _digits(chat.number.sender.display_number),
        "$said": said[-1] if said else new_wamid(),
        "$heard": heard[-1] if heard else new_wamid(),
        "$echo": _last_echo(chat),
    }


def _last_echo(chat: Chat) -> str:
    echoes = [item.id for item in chat.items if item.is_echo]
    return echoes[-1] if echoes else new_wamid()


def _filled(value: Any, words: dict[str, str]) -> Any:
    """Return ``value`` with its words filled in; what stands for nothing is left out."""
    if isinstance(value, dict):
        filled = {name: _filled(one, words) for name, one in value.items()}
        return {name: one for name, one in filled.items() if one != ""}
    if isinstance(value, list):
        return [_filled(one, words) for one in value]
    return words.get(value, value) if isinstance(value, str) else value


def _metadata(chat: Chat) -> Json:
    sender = chat.number.sender
    return {
        "display_phone_number": _digits(sender.display_number),
        "phone_number_id": sender.phone_number_id,
    }


def _digits(number: str) -> str:
    return "".join(letter for letter in number if letter.isdigit())
