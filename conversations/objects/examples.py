"""Examples that the schema shows."""

from typing import Any

CONVERSATION: dict[str, Any] = {
    "id": "01970c2e-4d1f-7a52-9a3e-0c7f6f2b8a11",
    "title": "Refund for a damaged lamp",
    "source": {
        "id": "01970c00-0000-7000-8000-000000000003",
        "kind": "api",
        "name": "Shop",
    },
    "contact": {
        "id": "01970c2e-4d1b-7cc0-8f4f-4f0a3a5d1c22",
        "name": "Maya Lindqvist",
        "email": "maya@lindqvist.example",
        "phone": "+46703184402",
        "external_id": "customer-4711",
        "blocked": False,
    },
    "assistant": {
        "id": "01970c00-0000-7000-8000-000000000001",
        "name": "Ada",
        "avatar": None,
    },
    "author": None,
    "lifecycle": "active",
    "control": "agent",
    "switch": "active",
    "epoch": 1,
    "owner": {"id": 1, "name": "Alice Moreau"},
    "requested_at": None,
    "request_reason": None,
    "requested_by": None,
    "turn_count": 2,
    "message_count": 4,
    "customer_count": 2,
    "unread_count": 1,
    "last_message": {
        "text": "Any news on the refund?",
        "author_kind": "customer",
        "author_name": "Maya Lindqvist",
        "at": "2026-11-20T12:30:01.120Z",
    },
    "window_expires_at": None,
    "tags": ["refund"],
    "created_at": "2026-11-20T12:02:44.007Z",
    "ended_at": None,
    "seq": 17,
}

MESSAGE: dict[str, Any] = {
    "id": "01970c2e-5e8a-7b1d-8b57-3c4f0c2f9d33",
    "conversation": CONVERSATION["id"],
    "position": 6,
    "behind": None,
    "author": {
        "kind": "customer",
        "id": CONVERSATION["contact"]["id"],
        "name": "Maya Lindqvist",
        "avatar": None,
    },
    "kind": "message",
    "text": "Any news on the refund?",
    "cards": [],
    "attachments": [],
    "reactions": [],
    "reply_to": None,
    "client_id": "shop-20261120-123001",
    "run": None,
    "status": "sent",
    "error": None,
    "change": None,
    "detail": None,
    "is_public": True,
    "created_at": "2026-11-20T12:30:01.120Z",
    "edited_at": None,
}

VISITOR_MESSAGE: dict[str, Any] = {
    **{name: value for name, value in MESSAGE.items() if name not in {"detail", "is_public"}},
    "html": "<p>Any news on the refund?</p>",
}
