"""Reading agents and who they are as actors."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.errors import NotFoundError
from handoff.models import Agent

HIGHEST_ID = 2**31 - 1


def staff_actor(user: User) -> Staff | None:
    """Return the actor behind a signed-in user, or None for one without an agent's rights.

    No query for a user of ``StaffBackend``, which has its agent already.
    """
    agent: Agent | None = getattr(user, "agent", None)
    if agent is None or not user.is_active:
        return None
    return Staff(user=agent.user, role=agent.role, name=agent.name)


def agents() -> QuerySet[Agent]:
    """Return every active agent, by name."""
    return (
        Agent.objects.filter(user__is_active=True)
        .select_related("user")
        .order_by("user__first_name", "user__last_name", "id")
    )


def agent_for(actor: Actor, identifier: int) -> Agent:
    """Return the active agent of a user's id; ``NotFoundError`` otherwise."""
    is_possible = isinstance(actor, Staff | Key) and identifier <= HIGHEST_ID
    agent = agents().filter(user_id=identifier).first() if is_possible else None
    if agent is None:
        raise NotFoundError
    return agent


def own_agent(actor: Actor) -> Agent:
    """Return the actor's own agent; ``NotFoundError`` for an actor who is no person."""
    if not isinstance(actor, Staff):
        raise NotFoundError
    return agent_for(actor, actor.user.pk)
