"""The one shape of agents."""

from typing import Any

from channels_layer import times
from handoff.models import Agent, Handoff, Notification


def agent_object(agent: Agent) -> dict[str, Any]:
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


def person_object(agent: Agent) -> dict[str, Any]:
    """Return an agent by id and name alone."""
    return {"id": agent.user_id, "name": agent.name}


def notification_object(notification: Notification) -> dict[str, Any]:
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
        "read_at": times.iso(read_at) if read_at else None,
    }


def handoff_object(handoff: Handoff) -> dict[str, Any]:
    """Return one handoff with its packets."""
    agent = handoff.agent
    name = (agent.get_full_name() or agent.get_username()) if agent else ""
    return {
        "id": str(handoff.pk),
        "state": handoff.state,
        "reason": handoff.reason or None,
        "requested_by": handoff.requested_by,
        "requested_at": times.iso(handoff.requested_at),
        "agent": {"id": agent.pk, "name": name} if agent else None,
        "accepted_at": times.iso(handoff.accepted_at) if handoff.accepted_at else None,
        "closed_at": times.iso(handoff.closed_at) if handoff.closed_at else None,
        "packet": handoff.packet,
        "return_packet": handoff.return_packet,
    }
