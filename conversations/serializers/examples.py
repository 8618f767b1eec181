"""Examples of requests that the schema shows."""

from typing import Any

from conversations.objects.examples import CONVERSATION

START: dict[str, Any] = {
    "source": CONVERSATION["source"]["id"],
    "contact": {"external_id": "customer-4711", "name": "Maya Lindqvist"},
    "text": "My lamp arrived with a cracked base.",
    "variables": {"order_id": "ORD-12345"},
}

REPLY: dict[str, Any] = {
    "text": "I am sorry about that, Maya. I have told the carrier.",
    "client_id": "tab-1-42",
    "kind": "message",
}

TEMPLATE: dict[str, Any] = {
    "template": {
        "name": "order_update",
        "language": "en_US",
        "parameters": {"1": "Maya", "2": "ORD-12345", "3": "Tuesday"},
    },
    "client_id": "tab-1-43",
}
