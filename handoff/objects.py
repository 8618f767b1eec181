"""Agents, notifications and handoffs as they are sent, for REST and events alike."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from channels_layer import times
from channels_layer.rest import PageObject, Refusal
from handoff.models import Agent, Control, Lifecycle, Notification, Switch

Json = dict[str, Any]
HIDDEN_AGENT: Json = {"username": "", "name": "", "email": ""}
"""What a key that may write agents and not read them gets to see instead."""

REQUESTERS = ("visitor", "staff", "system")
"""The kinds of actors who may ask for a person."""
VISITOR_SWITCHES = ("active", "blocked")
"""The switch as its customer sees it."""


class AgentObject(serializers.Serializer[Any]):
    """Somebody of the staff."""

    id = serializers.IntegerField(help_text="The id that owners and authors have.")
    username = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField()
    role = serializers.ChoiceField(choices=Agent.Role.choices)
    presence = serializers.ChoiceField(choices=Agent.Presence.choices)
    capacity = serializers.IntegerField()


class NotificationObject(serializers.Serializer[Any]):
    """One notification of one person."""

    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="Such as `conversation.escalated`.")
    title = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField(help_text="The page to open.")
    subject = serializers.CharField(help_text="Such as `conversation:<id>`.")
    count = serializers.IntegerField(help_text="How many happenings stand in it.")
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class NotificationPage(PageObject):
    """One page of a person's notifications, and how many of all are unread."""

    results = NotificationObject(many=True)
    unread_count = serializers.IntegerField()


class PublishedNotification(NotificationObject):
    """A new or changed notification, and how many are unread."""

    unread_count = serializers.IntegerField()


class ReadNotifications(serializers.Serializer[Any]):
    """Notifications that were read, and how many are left."""

    ids = serializers.ListField(child=serializers.UUIDField())
    read_at = serializers.DateTimeField()
    unread_count = serializers.IntegerField()


class PersonReference(serializers.Serializer[Any]):
    """Somebody of the staff."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class PresenceObject(serializers.Serializer[Any]):
    """Whether somebody of the staff is there."""

    agent = PersonReference()
    presence = serializers.ChoiceField(choices=Agent.Presence.choices)


class ActorReference(serializers.Serializer[Any]):
    """A person, an assistant or a system that did something, or is there."""

    kind = serializers.CharField()
    id = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class FloorObject(serializers.Serializer[Any]):
    """Who has the floor, since when a person is requested, and who changed it."""

    control = serializers.ChoiceField(choices=Control.choices)
    switch = serializers.ChoiceField(choices=Switch.choices)
    epoch = serializers.IntegerField()
    owner = PersonReference(allow_null=True)
    by = ActorReference()
    reason = serializers.CharField(allow_null=True)
    requested_at = serializers.DateTimeField(allow_null=True)
    requested_by = serializers.ChoiceField(choices=REQUESTERS, allow_null=True)
    lifecycle = serializers.ChoiceField(choices=Lifecycle.choices)


class OwnerName(serializers.Serializer[Any]):
    """The person who answers, as customers know them."""

    name = serializers.CharField()


class FloorRefusal(Refusal):
    """Why the floor stays as it is, and what it is meanwhile."""

    owner = PersonReference(
        required=False, allow_null=True, help_text="With `already_accepted`: who has the floor."
    )
    epoch = serializers.IntegerField(
        required=False, help_text="With `stale_epoch`: the one that counts now."
    )


class VisitorFloor(serializers.Serializer[Any]):
    """Who has the floor, as the customer sees it."""

    control = serializers.ChoiceField(choices=Control.choices)
    switch = serializers.ChoiceField(choices=VISITOR_SWITCHES)
    owner = OwnerName(allow_null=True)
    lifecycle = serializers.ChoiceField(choices=Lifecycle.choices)


def visitor_floor(data: Mapping[str, Any]) -> Json:
    """Return who has the floor as the customer sees it: never ids, reasons, a colleague's Join."""
    owner = data["owner"]
    is_hidden = data["control"] == Control.REQUESTED and data.get("requested_by") == "staff"
    return {
        "control": Control.AI.value if is_hidden else data["control"],
        "switch": "blocked" if data["switch"] == Switch.BLOCKED else "active",
        "owner": {"name": owner["name"]} if owner else None,
        "lifecycle": data["lifecycle"],
    }


class PacketContents(serializers.Serializer[Any]):
    """What happened before, or meanwhile, in short."""

    summary = serializers.CharField()
    goal = serializers.CharField()
    facts = serializers.ListField(child=serializers.CharField())
    tried = serializers.ListField(child=serializers.CharField())
    by = serializers.CharField()


class PacketObject(serializers.Serializer[Any]):
    """A packet of a handoff: for the person who takes over, or for the assistant afterwards."""

    handoff = serializers.UUIDField()
    direction = serializers.ChoiceField(choices=["request", "return"])
    packet = PacketContents()


def agent_object(agent: Agent) -> Json:
    """Return an agent as colleagues see one; ``id`` is the one of owners and authors."""
    return {
        "id": agent.user_id,
        "username": agent.user.get_username(),
        "name": agent.name,
        "email": agent.user.email,
        "role": agent.role,
        "presence": agent.presence,
        "capacity": agent.capacity,
    }


def person_object(agent: Agent) -> Json:
    """Return an agent by id and name alone."""
    return {"id": agent.user_id, "name": agent.name}


def notification_object(notification: Notification) -> Json:
    """Return a notification."""
    read_at = notification.read_at
    return {
        "id": str(notification.pk),
        "kind": notification.kind,
        "title": notification.title,
        "text": notification.text,
        "url": notification.url,
        "subject": notification.subject,
        "count": notification.count,
        "created_at": times.iso(notification.created_at),
        "read_at": times.iso(read_at),
    }
