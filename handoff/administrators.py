"""Administrators: who may give roles, that one always stays, and the record of what was given."""

from collections.abc import Sequence

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.errors import DomainError, ForbiddenError, PersonRequiredError
from handoff.models import Agent


class LastAdministratorError(DomainError):
    """Nobody could give roles any more."""

    code = "last_administrator"
    detail = gettext_lazy(
        "This is the only administrator who can sign in; make somebody else one first."
    )


def may_give_roles(by: Actor) -> None:
    """Refuse everybody but administrators and Parley's own commands."""
    if isinstance(by, Key):
        raise PersonRequiredError(gettext("Roles are given by administrators, not by API keys."))
    if isinstance(by, Staff) and not by.is_administrator:
        raise ForbiddenError


def locked(user_id: int) -> Agent | None:
    """Lock all administrators and the user's agent, by id; return the agent, if there is one.

    Whoever takes an administrator's rights holds these locks, so that of two who take each
    other's the second sees what the first has done.
    """
    wanted = Q(role=Agent.Role.ADMINISTRATOR) | Q(user_id=user_id)
    rows = Agent.objects.select_for_update(no_key=True, of=("self",)).filter(wanted)
    found = {agent.user_id: agent for agent in rows.select_related("user").order_by("id")}
    return found.get(user_id)


def is_last(user: User) -> bool:
    """Return whether the user is the only administrator who can sign in."""
    active = Agent.objects.filter(role=Agent.Role.ADMINISTRATOR, user__is_active=True)
    return list(active.values_list("user_id", flat=True)[:2]) == [user.pk]


def keep_one(user: User) -> None:
    """Refuse to take the rights of the last administrator; the caller holds the locks."""
    if is_last(user):
        raise LastAdministratorError


def record_role(*, user: User, by: Actor, before: str, after: str) -> None:
    """Write into the person's history who gave which role; an empty one is none."""
    states = [str(Agent.Role(role).label) if role else gettext("none") for role in (before, after)]
    _record(user=user, by=by, what=gettext("Role"), states=states)


def record_sign_in(*, user: User, by: Actor, is_active: bool) -> None:
    """Write into the person's history who let them sign in, or no longer."""
    states = [gettext("no"), gettext("yes")] if is_active else [gettext("yes"), gettext("no")]
    _record(user=user, by=by, what=gettext("May sign in"), states=states)


def _record(*, user: User, by: Actor, what: str, states: Sequence[str]) -> None:
    words = {"what": what, "before": states[0], "after": states[1], "by": by.label}
    LogEntry.objects.create(
        user=by.user if isinstance(by, Staff) else user,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=str(user)[:200],
        action_flag=CHANGE,
        change_message=gettext("%(what)s: %(before)s → %(after)s, by %(by)s.") % words,
    )
