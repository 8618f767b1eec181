"""People and things as other objects refer to them."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

Json = dict[str, Any]


class SourceKindField(serializers.CharField):
    """The name of a kind of source; sources whose kind is not installed any more have theirs."""

    def __init__(self) -> None:
        """Say what it is, for the documentation."""
        super().__init__(help_text="A kind of source that is, or was, installed.")


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


def person(row: Mapping[str, Any], prefix: str) -> Json | None:
    """Return the person in the columns of a row that begin with ``prefix``; None for nobody."""
    if row[f"{prefix}_id"] is None:
        return None
    full = f"{row[f'{prefix}__first_name']} {row[f'{prefix}__last_name']}".strip()
    return {"id": row[f"{prefix}_id"], "name": full or row[f"{prefix}__username"]}
