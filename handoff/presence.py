"""Presence: who is there, by open sockets or set by hand; who views which conversation."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.functions import Now

from channels_layer.access.actors import staff_id_of
from channels_layer.log import events
from handoff import objects
from handoff.events import PRESENCE
from handoff.models import Agent

GONE_AFTER = timedelta(seconds=60)
NOTED_EVERY = timedelta(seconds=15)
TOPIC = "inbox"


def seen(*, references: Collection[str], at: datetime, **_signal: Any) -> None:
    """Record that people have a socket open, set them online; receives ``users_connected``."""
    users = [user for user in map(staff_id_of, references) if user is not None]
    stale = Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=at - NOTED_EVERY)
    known = Agent.objects.filter(user_id__in=users)
    known.filter(stale).update(last_seen_at=at)
    back = known.filter(presence=Agent.Presence.OFFLINE).exclude(chosen=Agent.Presence.OFFLINE)
    for agent in back.select_related("user").order_by("id"):
        _change(agent, agent.presence_while_here)


def notice_absence(*, at: datetime) -> int:
    """Set agents offline who have had no socket for 60 seconds; return how many."""
    gone = Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=at - GONE_AFTER)
    absent = Agent.objects.filter(gone).exclude(presence=Agent.Presence.OFFLINE)
    changed = 0
    for agent in absent.select_related("user").order_by("id"):
        still = Agent.objects.filter(gone, pk=agent.pk)
        if still.update(viewing=None):
            changed += _change(agent, Agent.Presence.OFFLINE)
    return changed


def choose(agent: Agent, presence: str) -> None:
    """Set a locked agent's presence by hand: online until the sockets close, others for good."""
    was = agent.presence
    agent.presence = presence
    agent.chosen = "" if presence == Agent.Presence.ONLINE else presence
    agent.save(update_fields=["presence", "chosen"])
    Agent.objects.filter(pk=agent.pk).update(last_seen_at=Now())
    if was != presence:
        _announce(agent)


def view(*, user: User, conversation: UUID | None) -> UUID | None:
    """Record the conversation on a person's screen; return the one that was there before."""
    before = Agent.objects.filter(user=user).values_list("viewing", flat=True).first()
    if before != conversation:
        Agent.objects.filter(user=user).update(viewing=conversation)
    return before


def viewers(conversation: UUID) -> list[dict[str, Any]]:
    """Return the people who view a conversation: ``{id, name}``, by name."""
    rows = Agent.objects.filter(viewing=conversation).exclude(presence=Agent.Presence.OFFLINE)
    found = [objects.person_object(agent) for agent in rows.select_related("user")]
    return sorted(found, key=lambda person: (person["name"], person["id"]))


def _change(agent: Agent, presence: str) -> int:
    """Change the presence if it is still the one that was read; publish it once."""
    changed = Agent.objects.filter(pk=agent.pk, presence=agent.presence).update(presence=presence)
    if changed:
        agent.presence = presence
        _announce(agent)
    return changed


def _announce(agent: Agent) -> None:
    data = {"agent": objects.person_object(agent), "presence": agent.presence}
    events.announce(topic=TOPIC, type=PRESENCE, data=data)
