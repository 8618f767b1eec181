"""The same rows by statements written by hand, on SQLite: the least that Django can do."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from channels_layer.ids import new_id
from tests.bench.references.bare_view.by_orm import ACTOR

_POSITION = "SELECT last_position, seq FROM conversations_conversation WHERE id = %s"
_HEAD = "UPDATE channels_layer_topichead SET head = %s WHERE topic = %s"
_CONVERSATION = (
    "UPDATE conversations_conversation SET last_position = %s, message_count = message_count + 1,"
    " seq = %s, last_message_at = %s, changed_at = %s, last_message_text = %s,"
    " last_author_kind = 'system' WHERE id = %s"
)


def write(
    *, conversation: UUID, text: str, client_id: str, key: str | None, at: datetime
) -> dict[str, Any]:
    """Write a message, its HTML, its event, the topic's head and the conversation."""
    topic, message, now = f"conversation:{conversation}", new_id(), at.replace(tzinfo=None)
    with connection.cursor() as cursor:
        cursor.execute(_POSITION, [conversation.hex])
        position, seq = (int(value) + 1 for value in cursor.fetchone())
        shown = {"id": str(message), "position": position, "text": text}
        written = {"client_id": client_id, "created_at": now}
        _insert(cursor, "conversations_message", _message(conversation, shown) | written)
        rendering = {"message_id": message.hex, "key": "bare", "html": f"<p>{text}</p>"}
        _insert(cursor, "conversations_rendering", rendering)
        logged = {"topic": topic, "seq": seq, "type": "message.created", "at": now}
        event = {"id": new_id().hex, "data": json.dumps(shown), **logged}
        _insert(cursor, "channels_layer_event", event)
        cursor.execute(_HEAD, [seq, topic])
        cursor.execute(_CONVERSATION, [position, seq, now, now, text[:160], conversation.hex])
        if key:
            _insert(cursor, "channels_layer_idempotencyrecord", _record(key, shown, now))
    return shown


def _message(conversation: UUID, shown: dict[str, Any]) -> dict[str, Any]:
    empty = ("author_id", "author_name", "author_avatar", "error", "error_code", "change", "detail")
    return {
        "id": UUID(shown["id"]).hex,
        "conversation_id": conversation.hex,
        "position": shown["position"],
        "kind": "message",
        "author_kind": "system",
        "sender": ACTOR,
        "text": shown["text"],
        "cards": "[]",
        "reactions": "[]",
        "status": "sent",
        "is_public": True,
        **dict.fromkeys(empty, ""),
    }


def _record(key: str, shown: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "id": new_id().hex,
        "actor": ACTOR,
        "key": key,
        "fingerprint": "",
        "status": 201,
        "content_type": "application/json",
        "body": json.dumps(shown),
        "created_at": now,
    }


def _insert(cursor: Any, table: str, row: dict[str, Any]) -> None:
    columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    statement = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'  # noqa: S608 - our names
    cursor.execute(statement, list(row.values()))
