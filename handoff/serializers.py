"""Serializers of agents and notifications."""

from typing import Any

from rest_framework import serializers

from handoff.models import Agent

MAX_CAPACITY = 1000


class AgentObject(serializers.Serializer[Any]):
    """Somebody of the staff."""

    id = serializers.IntegerField(help_text="The id that owners and authors have.")
    username = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField()
    role = serializers.ChoiceField(choices=Agent.Role.choices)
    presence = serializers.ChoiceField(choices=Agent.Presence.choices)
    capacity = serializers.IntegerField()


class OwnChange(serializers.Serializer[Any]):
    """What an agent says of itself."""

    presence = serializers.ChoiceField(choices=Agent.Presence.choices, required=False)
    capacity = serializers.IntegerField(required=False, min_value=0, max_value=MAX_CAPACITY)


class AgentChange(OwnChange):
    """What an administrator may change of an agent."""

    role = serializers.ChoiceField(choices=Agent.Role.choices, required=False)


class NotificationObject(serializers.Serializer[Any]):
    """Something that one person is to hear of."""

    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="Such as `conversation.escalated`.")
    title = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField(help_text="The page to open.")
    subject = serializers.CharField(help_text="Such as `conversation:<id>`.")
    count = serializers.IntegerField(help_text="How many happenings stand in it.")
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class ReadCount(serializers.Serializer[Any]):
    """How many were marked, and how many are left."""

    read = serializers.IntegerField()
    unread_count = serializers.IntegerField()


class ReadChange(serializers.Serializer[Any]):
    """What to mark as read; without anything everything."""

    ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=100)
    subject = serializers.CharField(required=False, max_length=80)
