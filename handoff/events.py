"""The events of the floor (CONTRACT 5)."""

from channels_layer.log.events import EventType, Kind, Representation
from channels_layer.log.events import register as register_type
from handoff.objects import (
    FloorObject,
    PacketObject,
    PresenceObject,
    PublishedNotification,
    ReadNotifications,
    VisitorFloor,
    visitor_floor,
)

HANDOFF_CHANGED = "handoff.changed"
NOTIFICATION = "notification"
NOTIFICATIONS_READ = "notifications.read"
PRESENCE = "presence"
HANDOFF_PACKET = "handoff.packet"


TYPES = (
    EventType(
        name=HANDOFF_CHANGED,
        kind=Kind.DURABLE,
        topic="conversation",
        object=FloorObject,
        summary="Who has the floor changed, or whether the assistant may speak.",
        visitor=Representation(VisitorFloor, visitor_floor),
    ),
    EventType(
        name=NOTIFICATION,
        kind=Kind.DURABLE,
        topic="user",
        object=PublishedNotification,
        summary="A notification of one person; the newest of an id counts.",
    ),
    EventType(
        name=NOTIFICATIONS_READ,
        kind=Kind.DURABLE,
        topic="user",
        object=ReadNotifications,
        summary="These notifications were read, here or in another window.",
    ),
    EventType(
        name=PRESENCE,
        kind=Kind.EPHEMERAL,
        topic="inbox",
        object=PresenceObject,
        summary="Whether an agent is there changed: online, away or offline.",
    ),
    EventType(
        name=HANDOFF_PACKET,
        kind=Kind.DURABLE,
        topic="conversation",
        object=PacketObject,
        summary="What happened before a request, or between accept and release, in short.",
    ),
)


def register() -> None:
    """Add this app's events to the catalogue."""
    register_type(*TYPES)
