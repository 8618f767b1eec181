"""Name the models and fields of handoff for people."""

from django.db import migrations

from channels_layer.operations import SetLabels


class Migration(migrations.Migration):
    dependencies = [("handoff", "0004_pending_notifications")]

    operations = [
        SetLabels(
            fields={
                "agent": {
                    "capacity": "capacity",
                    "chosen": "chosen",
                    "last_seen_at": "last seen at",
                    "presence": "presence",
                    "role": "role",
                    "user": "user",
                    "viewing": "viewing",
                },
                "handoff": {
                    "accepted_at": "accepted at",
                    "agent": "agent",
                    "attempts": "attempts",
                    "closed_at": "closed at",
                    "conversation": "conversation",
                    "fence": "fence",
                    "lease_until": "lease until",
                    "next_at": "next at",
                    "packet": "packet",
                    "reason": "reason",
                    "requested_at": "requested at",
                    "requested_by": "requested by",
                    "return_packet": "return packet",
                    "state": "state",
                },
                "notification": {
                    "cause": "cause",
                    "count": "count",
                    "created_at": "created at",
                    "kind": "kind",
                    "read_at": "read at",
                    "subject": "subject",
                    "text": "text",
                    "title": "title",
                    "url": "url",
                    "user": "user",
                },
                "pendingnotification": {
                    "created_at": "created at",
                    "kind": "kind",
                    "params": "params",
                    "recipient": "recipient",
                    "subject": "subject",
                },
            },
            models={
                "agent": ("agent", "agents"),
                "handoff": ("handoff", "handoffs"),
                "notification": ("notification", "notifications"),
                "pendingnotification": ("pending notification", "pending notifications"),
            },
        ),
    ]
