"""Name the models and fields of channels_layer for people."""

from django.db import migrations

from channels_layer.operations import SetLabels


class Migration(migrations.Migration):
    dependencies = [("channels_layer", "0002_encoded_events")]

    operations = [
        SetLabels(
            fields={
                "apikey": {
                    "created_at": "created at",
                    "digest": "digest",
                    "last_used_at": "last used at",
                    "name": "name",
                    "prefix": "prefix",
                    "revoked_at": "revoked at",
                    "scopes": "scopes",
                },
                "calendarlease": {
                    "attempts": "attempts",
                    "fence": "fence",
                    "lease_until": "lease until",
                    "name": "name",
                    "next_at": "next at",
                },
                "event": {
                    "at": "at",
                    "data": "data",
                    "seq": "seq",
                    "topic": "topic",
                    "type": "type",
                },
                "idempotencyrecord": {
                    "actor": "actor",
                    "body": "body",
                    "content_type": "content type",
                    "created_at": "created at",
                    "fingerprint": "fingerprint",
                    "key": "key",
                    "status": "status",
                },
                "topichead": {
                    "head": "head",
                    "topic": "topic",
                },
            },
            models={
                "apikey": ("API key", "API keys"),
                "calendarlease": ("calendar lease", "calendar leases"),
                "event": ("event", "events"),
                "idempotencyrecord": ("idempotency record", "idempotency records"),
                "topichead": ("topic head", "topic heads"),
            },
        ),
    ]
