"""The customer."""

from typing import Any

from rest_framework import serializers

from channels_layer import times
from conversations.models import Contact
from conversations.objects.conversation import SourceReference, source_reference

Json = dict[str, Any]
HIDDEN: Json = {"name": "", "email": "", "phone": "", "attributes": {}, "identities": []}
"""What a key that may write contacts and not read them gets to see instead."""


class IdentityObject(serializers.Serializer[Any]):
    """Under which identifier a source knows the contact."""

    source = SourceReference()  # type: ignore[assignment]
    external_id = serializers.CharField()
    verified = serializers.BooleanField()


class ContactObject(serializers.Serializer[Any]):
    """The customer; a phone number is an attribute, never the identity."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    attributes = serializers.DictField()
    blocked = serializers.BooleanField()
    identities = IdentityObject(many=True)
    created_at = serializers.DateTimeField()


def contact_object(contact: Contact) -> Json:
    """Return a contact with the identifiers under which each source knows it."""
    return {
        "id": str(contact.pk),
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "attributes": contact.attributes,
        "blocked": contact.is_blocked,
        "identities": [
            {
                "source": source_reference(
                    id=identity.source_id, kind=identity.source.kind, name=identity.source.name
                ),
                "external_id": identity.external_id,
                "verified": identity.is_verified,
            }
            for identity in contact.identities.all()
        ],
        "created_at": times.iso(contact.created_at),
    }
