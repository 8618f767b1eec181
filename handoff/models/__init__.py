"""The floor, the handoffs, the agents and their notifications, by noun."""

from handoff.models.agent import Agent, name_of
from handoff.models.floor import Control, Floor, Lifecycle, Switch
from handoff.models.handoff import Handoff
from handoff.models.notification import (
    Notification,
    NotificationQuerySet,
    PendingNotification,
)

__all__ = [
    "Agent",
    "Control",
    "Floor",
    "Handoff",
    "Lifecycle",
    "Notification",
    "NotificationQuerySet",
    "PendingNotification",
    "Switch",
    "name_of",
]
