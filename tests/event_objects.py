"""The objects of the events that tests register for themselves."""

from typing import Any

from rest_framework import serializers


class Said(serializers.Serializer[Any]):
    """Words, at most."""

    text = serializers.CharField(required=False)
    id = serializers.UUIDField(required=False)
    at = serializers.CharField(required=False)


class Waving(serializers.Serializer[Any]):
    """Somebody waves."""

    who = serializers.CharField()


class Row(serializers.Serializer[Any]):
    """A row of a board."""

    id = serializers.IntegerField()
    seq = serializers.IntegerField(required=False)


class File(serializers.Serializer[Any]):
    """A file with its address."""

    url = serializers.CharField()
