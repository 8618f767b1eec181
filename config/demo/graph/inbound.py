"""The values of webhooks: customers' messages, and statuses of the business's messages."""

from time import time
from typing import Any

from config.demo.graph.failures import Failure
from config.demo.graph.world import Chat, Item, Person

Json = dict[str, Any]


def message(chat: Chat, item: Item) -> Json:
    """Return the value of ``messages`` for a customer's message."""
    sent: Json = {
        **_from(chat.person),
        "id": item.id,
        "timestamp": str(int(item.at)),
        "type": item.kind,
        **({item.kind: item.content} if item.content else {}),
    }
    if item.kind == "unsupported":
        sent["errors"] = [Failure(131051, "Message type is not currently supported.").in_status()]
        sent.pop("unsupported", None)
    if item.reply_to:
        business = chat.number.sender.display_number
        sent["context"] = {"from": _digits(business), "id": item.reply_to}
    return {**_head(chat), "contacts": [_contact(chat.person)], "messages": [sent]}


def status(chat: Chat, item: Item, state: str, failure: Failure | None = None) -> Json:
    """Return the value of ``messages`` for the status of a message."""
    report: Json = {"id": item.id, "status": state, "timestamp": str(int(time()))}
    report["recipient_user_id"] = chat.person.user_id
    if chat.person.phone:
        report["recipient_id"] = chat.person.phone
    if item.tracker:
        report["biz_opaque_callback_data"] = item.tracker
    if failure:
        report["errors"] = [failure.in_status()]
    else:
        kind = "utility" if item.kind == "template" else "service"
        report["pricing"] = {
            "billable": kind != "service",
            "pricing_model": "PMP",
            "category": kind,
            "type": "regular" if kind != "service" else "free_customer_service",
        }
    return {**_head(chat), "contacts": [_contact(chat.person)], "statuses": [report]}


def _head(chat: Chat) -> Json:
    sender = chat.number.sender
    return {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": _digits(sender.display_number),
            "phone_number_id": sender.phone_number_id,
        },
    }


def _contact(person: Person) -> Json:
    profile = {"name": person.name}
    if person.username:
        profile["username"] = person.username
    contact: Json = {"profile": profile, "user_id": person.user_id}
    if person.phone:
        contact["wa_id"] = person.phone
    return contact


def _from(person: Person) -> Json:
    named = {"from_user_id": person.user_id}
    return {"from": person.phone, **named} if person.phone else named


def _digits(number: str) -> str:
    return "".join(letter for letter in number if letter.isdigit())
