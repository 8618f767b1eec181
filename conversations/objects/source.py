"""One place from which conversations come."""

from typing import Any

from rest_framework import serializers

from channels_layer import times
from conversations.models import Source

Json = dict[str, Any]


class SourceKindField(serializers.CharField):
    """The name of a kind of source; sources whose kind is not installed any more have theirs."""

    def __init__(self) -> None:
        """Say what it is, for the documentation."""
        super().__init__(help_text="A kind of source that is, or was, installed.")


class NamedAssistant(serializers.Serializer[Any]):
    """An assistant by name."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class SourceObject(serializers.Serializer[Any]):
    """One place from which conversations come."""

    id = serializers.UUIDField()
    kind = SourceKindField()
    name = serializers.CharField()
    assistant = NamedAssistant()
    gather_seconds = serializers.FloatField()
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()


def source_object(source: Source) -> Json:
    """Return a source with the assistant that answers there."""
    return {
        "id": str(source.pk),
        "kind": source.kind,
        "name": source.name,
        "assistant": {"id": str(source.assistant_id), "name": source.assistant.name},
        "gather_seconds": source.gather_seconds,
        "is_active": source.is_active,
        "created_at": times.iso(source.created_at),
    }


def without_names(data: Json) -> Json:
    """Return a source object without names, for a key that may write sources and not read them."""
    return {**data, "name": "", "assistant": {**data["assistant"], "name": ""}}
