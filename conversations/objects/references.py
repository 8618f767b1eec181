"""People and things as other objects refer to them."""

from collections.abc import Callable, Mapping
from typing import Any

from rest_framework import serializers

from conversations import source_kinds

Json = dict[str, Any]
Choices = list[tuple[str, str]]


class SourceKindField(serializers.ChoiceField):
    """One of the kinds that are registered when it is used; each serializer makes its own anew."""

    def __init__(
        self, *, kinds: Callable[[], Choices] = source_kinds.choices, **kwargs: Any
    ) -> None:
        """Offer the choices that ``kinds`` returns."""
        super().__init__(choices=kinds(), **kwargs)


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
