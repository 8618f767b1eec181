"""Examples that the schema shows."""

from typing import Any

TICKET: dict[str, Any] = {
    "id": "01970c3a-11aa-7d02-8a55-6f1f4f1b2c44",
    "number": 1042,
    "subject": "Carrier damage claim, lamp",
    "description": "Lamp from ORD-12345 arrived with a cracked base.",
    "status": "pending",
    "priority": "high",
    "assignee": {"id": 2, "name": "Bob Okafor"},
    "requester": {
        "id": "01970c2e-4d1b-7cc0-8f4f-4f0a3a5d1c22",
        "name": "Maya Lindqvist",
        "email": "maya@lindqvist.example",
        "phone": "+46703184402",
    },
    "tags": ["carrier"],
    "due_at": "2026-11-24T16:00:00.000Z",
    "conversations": ["01970c2e-4d1f-7a52-9a3e-0c7f6f2b8a11"],
    "created_by": {"kind": "staff", "id": "1", "name": "Alice Moreau"},
    "comment_count": 2,
    "version": 3,
    "created_at": "2026-11-20T12:40:10.511Z",
    "changed_at": "2026-11-20T13:02:00.000Z",
    "opened_at": "2026-11-20T12:40:10.511Z",
    "first_reply_at": "2026-11-20T12:55:31.002Z",
    "solved_at": None,
    "closed_at": None,
    "reopen_count": 0,
    "seq": 5,
}

DRAFT: dict[str, Any] = {
    "conversation": TICKET["conversations"][0],
    "subject": TICKET["subject"],
    "description": TICKET["description"],
    "priority": "high",
    "assignee": 2,
}

REMARK: dict[str, Any] = {
    "text": "Refund the customer now; do not wait for the carrier.",
    "kind": "internal",
    "client_id": "tab-1-43",
}
