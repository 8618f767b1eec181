"""Serializers of agents and notifications."""

from typing import Any

from rest_framework import serializers

from channels_layer.rest import strict
from handoff.models import Agent
from handoff.models.agent import HIGHEST_CAPACITY


class OwnChange(serializers.Serializer[Any]):
    """What an agent says of itself."""

    presence = serializers.ChoiceField(choices=Agent.Presence.choices, required=False)
    capacity = strict.IntegerField(required=False, min_value=0, max_value=HIGHEST_CAPACITY)


class AgentChange(OwnChange):
    """What an administrator may change of an agent."""

    role = serializers.ChoiceField(choices=Agent.Role.choices, required=False)


class ReadCount(serializers.Serializer[Any]):
    """How many were marked, and how many are left."""

    read = strict.IntegerField()
    unread_count = strict.IntegerField()


class ReadChange(serializers.Serializer[Any]):
    """What to mark as read; without anything everything."""

    ids = serializers.ListField(child=strict.UUIDField(), required=False, max_length=100)
    subject = strict.CharField(required=False, max_length=80)
