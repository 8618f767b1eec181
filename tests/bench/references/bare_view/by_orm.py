"""The rows of an accepted message, as anybody writes them with Django's ORM."""

from datetime import datetime
from typing import Any
from uuid import UUID

from channels_layer.models import Event, IdempotencyRecord, TopicHead
from conversations.models import Conversation, Message, Rendering, Source

ACTOR = "key:bare"


def begin(*, at: datetime) -> UUID:
    """Begin a conversation of the demo's first source, and its topic."""
    source = Source.objects.order_by("pk")[:1].get()
    conversation = Conversation.objects.create(
        source=source,
        assistant=source.assistant,
        last_message_at=at,
        changed_at=at,
        created_at=at,
    )
    TopicHead.objects.create(topic=conversation.topic)
    return conversation.pk


def write(
    *, conversation: UUID, text: str, client_id: str, key: str | None, at: datetime
) -> dict[str, Any]:
    """Write a message, its HTML, its event, the topic's head and the conversation."""
    row = Conversation.objects.select_for_update().get(pk=conversation)
    row.last_position += 1
    row.message_count += 1
    row.seq += 1
    row.last_message_at = row.changed_at = at
    row.last_message_text = text[:160]
    row.last_author_kind = "system"
    message = Message.objects.create(
        conversation=row,
        position=row.last_position,
        author_kind="system",
        actor=ACTOR,
        text=text,
        client_id=client_id,
        created_at=at,
    )
    Rendering.objects.create(message=message, key="bare", html=f"<p>{text}</p>")
    shown = {"id": str(message.pk), "position": message.position, "text": text}
    TopicHead.objects.filter(topic=row.topic).update(head=row.seq)
    Event.objects.create(topic=row.topic, seq=row.seq, type="message.created", data=shown, at=at)
    row.save(
        update_fields=[
            "last_position",
            "message_count",
            "seq",
            "last_message_at",
            "changed_at",
            "last_message_text",
            "last_author_kind",
        ]
    )
    if key:
        IdempotencyRecord.objects.create(
            actor=ACTOR, key=key, fingerprint="", status=201, body=str(shown), created_at=at
        )
    return shown
