"""Name the models and fields of whatsapp for people."""

from django.db import migrations

from channels_layer.operations import SetLabels


class Migration(migrations.Migration):
    dependencies = [("whatsapp", "0007_business_initiated_contact")]

    operations = [
        SetLabels(
            fields={
                "businessinitiatedcontact": {
                    "at": "at",
                    "external_id": "external id",
                    "sender": "sender",
                },
                "inbound": {
                    "identity": "identity",
                    "kind": "kind",
                    "message": "message",
                    "received_at": "received at",
                    "refers_to": "refers to",
                    "sender": "sender",
                    "sent_at": "sent at",
                    "wamid": "wamid",
                },
                "limittier": {
                    "daily_limit": "daily limit",
                    "meta_tier": "meta tier",
                    "name": "name",
                    "order": "order",
                    "quality": "quality",
                },
                "mediafetch": {
                    "attachment": "attachment",
                    "attempts": "attempts",
                    "created_at": "created at",
                    "fence": "fence",
                    "lease_until": "lease until",
                    "media_id": "media id",
                    "next_at": "next at",
                    "sender": "sender",
                    "sha256": "sha256",
                    "state": "state",
                },
                "sender": {
                    "access_token": "access token",
                    "app_secret": "app secret",
                    "business_account_id": "business account id",
                    "check_error": "check error",
                    "checked_at": "checked at",
                    "created_at": "created at",
                    "display_number": "display number",
                    "heeded": "heeded",
                    "messaging_limit": "messaging limit",
                    "phone_number_id": "phone number id",
                    "quality": "quality",
                    "restricted_at": "restricted at",
                    "restriction": "restriction",
                    "restriction_ends_at": "restriction ends at",
                    "restriction_kind": "restriction kind",
                    "source": "source",
                    "templates_synced_at": "templates synced at",
                    "verified_name": "verified name",
                    "verify_token": "verify token",
                },
                "template": {
                    "category": "category",
                    "components": "components",
                    "heeded": "heeded",
                    "language": "language",
                    "meta_id": "meta id",
                    "name": "name",
                    "parameter_format": "parameter format",
                    "quality": "quality",
                    "reason": "reason",
                    "sender": "sender",
                    "status": "status",
                    "synced_at": "synced at",
                },
                "webhookevent": {
                    "attempts": "attempts",
                    "begun_at": "begun at",
                    "body": "body",
                    "digest": "digest",
                    "error": "error",
                    "fence": "fence",
                    "lease_until": "lease until",
                    "next_at": "next at",
                    "received_at": "received at",
                    "sender": "sender",
                    "state": "state",
                },
            },
            models={
                "businessinitiatedcontact": ("business-initiated contact", "business-initiated contacts"),
                "inbound": ("inbound entry", "inbound entries"),
                "limittier": ("limit tier", "limit tiers"),
                "mediafetch": ("media fetch", "media fetches"),
                "sender": ("sender", "senders"),
                "template": ("template", "templates"),
                "webhookevent": ("webhook event", "webhook events"),
            },
        ),
    ]
