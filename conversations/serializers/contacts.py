"""Contacts and what can be changed of them."""

from typing import Any

from rest_framework import serializers

from conversations.serializers.people import SourceReference


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


class ContactChange(serializers.Serializer[Any]):
    """What is known of a contact; what is left out stays as it is."""

    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=32, required=False, allow_blank=True)
