"""People and things as other objects refer to them."""

from typing import Any

from rest_framework import serializers

from conversations.serializers.kinds import SourceKindField


class SourceReference(serializers.Serializer[Any]):
    """Where a conversation comes from."""

    id = serializers.UUIDField()
    kind = SourceKindField()
    name = serializers.CharField()


class ContactReference(serializers.Serializer[Any]):
    """The customer of a conversation."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    blocked = serializers.BooleanField()


class AssistantReference(serializers.Serializer[Any]):
    """The assistant of a conversation."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)


class PersonReference(serializers.Serializer[Any]):
    """Somebody of the staff."""

    id = serializers.IntegerField()
    name = serializers.CharField()
