"""Roles: who of the staff may decide on a tool call."""

from channels_layer.access.actors import Actor, Staff
from handoff.models import Agent

RANKS: tuple[str, ...] = (Agent.Role.AGENT, Agent.Role.SUPERVISOR, Agent.Role.ADMINISTRATOR)
"""From the one that may do least."""


def may_decide(by: Actor, role: str) -> bool:
    """Return whether ``by`` may decide where ``role`` is required; a system counts as an agent."""
    return role in decided_by(by)


def decided_by(actor: Actor) -> list[str]:
    """Return the roles that calls may require for ``actor`` to decide on them."""
    rank = RANKS.index(actor.role) if isinstance(actor, Staff) else 0
    return list(RANKS[: rank + 1])
