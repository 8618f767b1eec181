"""What the phone's page shows of the world, as JSON."""

from time import time

from config.demo.graph.courier import Courier
from config.demo.graph.world import Chat, Item, Json, Number, World

SHOWN = 300
"""Bubbles of a chat that the page gets, the newest."""


def state(world: World, courier: Courier) -> Json:
    """Return everything that the page shows."""
    habits = courier.habits
    return {
        "version": world.version,
        "now": time(),
        "numbers": [_number(number) for number in world.numbers.values()],
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "phone": person.phone,
                "user_id": person.user_id,
            }
            for person in world.people.values()
        ],
        "chats": [_chat(chat) for chat in world.chats.values()],
        "receipts": world.receipts,
        "habits": {
            "copies": habits.copies,
            "is_shuffling": habits.is_shuffling,
            "is_holding": habits.is_holding,
        },
        "webhooks": {
            "waiting": courier.waiting,
            "last_status": courier.done[-1]["status"] if courier.done else None,
        },
    }


def restriction(number: Number) -> Json:
    """Return the value of ``account_update`` that says whether a business may write."""
    if not number.is_restricted:
        return {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}
    kinds = ("RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_CUSTOMER_INITIATED_MESSAGING")
    return {
        "event": "ACCOUNT_RESTRICTION",
        "restriction_info": [{"restriction_type": kind, "expiration": 0} for kind in kinds],
    }


def _number(number: Number) -> Json:
    return {
        "id": number.sender.phone_number_id,
        "name": number.sender.verified_name,
        "display_number": number.sender.display_number,
        "quality_rating": number.quality_rating,
        "messaging_limit": number.messaging_limit,
        "is_restricted": number.is_restricted,
        "templates": [
            {"name": one["name"], "language": one["language"], "status": one["status"]}
            for one in number.templates
        ],
    }


def _chat(chat: Chat) -> Json:
    return {
        "number": chat.number.sender.phone_number_id,
        "person": chat.person.id,
        "is_typing": chat.typing_until > time(),
        "is_open": chat.is_open,
        "items": [_item(item) for item in chat.items[-SHOWN:]],
    }


def _item(item: Item) -> Json:
    return {
        "id": item.id,
        "is_mine": item.is_mine,
        "kind": item.kind,
        "content": item.content,
        "at": item.at,
        "reply_to": item.reply_to,
        "status": item.status,
        "error": item.error,
        "reactions": sorted(set(item.reactions.values()) - {""}),
    }
