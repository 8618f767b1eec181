"""Name the models and fields of widget for people."""

from django.db import migrations

from channels_layer.operations import SetLabels


class Migration(migrations.Migration):
    dependencies = [("widget", "0001_initial")]

    operations = [
        SetLabels(
            fields={
                "visitortoken": {
                    "address": "address",
                    "contact": "contact",
                    "created_at": "created at",
                    "digest": "digest",
                    "expires_at": "expires at",
                    "last_seen_at": "last seen at",
                    "revoked_at": "revoked at",
                    "widget": "widget",
                },
                "widget": {
                    "accent": "accent",
                    "allowed_origins": "allowed origins",
                    "brand": "brand",
                    "created_at": "created at",
                    "key": "key",
                    "position": "position",
                    "prechat_fields": "prechat fields",
                    "reopen_after": "reopen after",
                    "require_identity": "require identity",
                    "secret": "secret",
                    "source": "source",
                    "texts": "texts",
                },
            },
            models={
                "visitortoken": ("visitor token", "visitor tokens"),
                "widget": ("widget", "widgets"),
            },
        ),
    ]
