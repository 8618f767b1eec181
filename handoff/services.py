"""The transitions of the floor: lock, check, change, publish (CONTRACT 4)."""

from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from channels_layer.access.actors import Actor, Key, Staff, System, Visitor
from channels_layer.errors import DomainError, ForbiddenError, PersonRequiredError
from channels_layer.transport import broadcast
from channels_layer.work.jobs import enqueue
from handoff import administrators
from handoff import presence as arrivals
from handoff.models import Agent, Control, Floor, Handoff, Lifecycle, Switch, name_of

F = TypeVar("F", bound=Floor)
PARLEY = System()


class AlreadyAcceptedError(DomainError):
    """Another agent has the floor."""

    code = "already_accepted"

    def __init__(self, owner: User | None) -> None:
        """Name the ``owner``, so that the loser of a race sees who has the floor."""
        name = name_of(owner) if owner else gettext("Somebody else")
        super().__init__(
            detail=gettext("%(name)s has already accepted this conversation.") % {"name": name},
            extra={"owner": {"id": owner.pk, "name": name} if owner else None},
        )


class NotRequestedError(DomainError):
    """No person was requested."""

    code = "not_requested"
    detail = gettext_lazy("No person was asked for; join first.")


class BlockedError(ForbiddenError):
    """A blocked customer asked for a person."""

    code = "blocked"
    detail = gettext_lazy("You cannot ask for a person here.")


class EndedError(DomainError):
    """The conversation is over."""

    code = "ended"
    detail = gettext_lazy("The conversation has ended; reopen it first.")


class NotEndedError(DomainError):
    """The conversation goes on already."""

    code = "not_ended"
    detail = gettext_lazy("The conversation is open already.")


class StaleEpochError(DomainError):
    """The floor has moved on since the caller read it."""

    code = "stale_epoch"

    def __init__(self, current: int) -> None:
        """Name the ``current`` epoch, so that the caller can read again."""
        detail = gettext("The floor has changed meanwhile (epoch %(epoch)d).")
        super().__init__(detail=detail % {"epoch": current}, extra={"epoch": current})


@transaction.atomic
def join(*, floor: F, by: Actor, at: datetime, reason: str = "", epoch: int | None = None) -> F:
    """Request a person: staff by Join, the customer, or the assistant on its own.

    The customer is not told of a Join; who asks after one is, and keeps its place.
    """
    if isinstance(by, Key):
        raise PersonRequiredError
    floor = _locked(floor, epoch)
    is_shown = not isinstance(by, Staff)
    if floor.control == Control.REQUESTED and (floor.is_request_shown or not is_shown):
        return floor
    if floor.control == Control.AGENT:
        raise AlreadyAcceptedError(floor.owner)
    if isinstance(by, Visitor) and floor.switch == Switch.BLOCKED:
        raise BlockedError
    if floor.control == Control.AI:
        handoff = Handoff.objects.create(
            conversation_id=floor.pk,
            requested_by=by.reference,
            requested_at=at,
            reason=reason[:200],
        )
        enqueue("chats.write_packet", handoff=handoff.pk)
    floor.wait(by=by, reason=reason, at=at)
    floor.changed(change="requested", by=by, reason=reason, is_shown=is_shown, at=at)
    return floor


@transaction.atomic
def withdraw(*, floor: F, by: Visitor, at: datetime) -> F:
    """Give up waiting for a person, as the customer; the assistant goes on.

    A colleague who joined before stays: the request is that colleague's alone again.
    """
    floor = _locked(floor, None)
    if not floor.is_request_shown:
        return floor
    waiting = Handoff.objects.filter(conversation_id=floor.pk, state=Handoff.State.WAITING).first()
    if waiting and waiting.is_requested_by_staff:
        floor.return_to_colleague(reason=waiting.reason)
        _record_withdrawn(floor, by=by, at=at)
    else:
        floor.return_to_assistant()
        _close(floor, state=Handoff.State.RELEASED, at=at)
    floor.changed(change="withdrawn", by=by, at=at)
    return floor


@transaction.atomic
def accept(*, floor: F, by: Actor, at: datetime, epoch: int | None = None) -> F:
    """Make the person the one who answers; of any number at once exactly one wins."""
    if not isinstance(by, Staff):
        raise PersonRequiredError
    floor = _locked(floor, None)
    if floor.control == Control.AGENT and not floor.is_held_outside:
        if floor.owner_id == by.user.pk:
            return floor
        raise AlreadyAcceptedError(floor.owner)
    _check_epoch(floor, epoch)
    if floor.control == Control.AI:
        raise NotRequestedError
    _give(floor, agent=by.user, at=at)
    floor.changed(change="accepted", by=by, at=at)
    return floor


@transaction.atomic
def take(*, floor: F, by: Staff, at: datetime) -> F:
    """Take the floor by writing: a person's first public message (not while paused)."""
    floor = _locked(floor, None)
    is_owned = floor.control == Control.AGENT and not floor.is_held_outside
    if is_owned or floor.switch == Switch.PAUSED:
        return floor
    change = "accepted" if floor.is_held_outside else "taken"
    if floor.control == Control.AI:
        floor.give_to(by.user)
        Handoff.objects.create(
            conversation_id=floor.pk,
            state=Handoff.State.ACTIVE,
            requested_by=by.reference,
            requested_at=at,
            agent=by.user,
            accepted_at=at,
        )
    else:
        _give(floor, agent=by.user, at=at)
    floor.changed(change=change, by=by, at=at)
    return floor


@transaction.atomic
def release(*, floor: F, by: Actor, at: datetime, epoch: int | None = None) -> F:
    """Return the floor to the assistant; only the owner who releases leaves the conversation."""
    floor = _locked(floor, epoch)
    if floor.control == Control.AI:
        return floor
    is_leaving = isinstance(by, Staff) and floor.owner_id == by.user.pk
    is_shown = floor.control == Control.AGENT or floor.is_request_shown
    floor.return_to_assistant()
    _close(floor, state=Handoff.State.RELEASED, at=at)
    change = "released" if is_leaving else "returned"
    floor.changed(change=change, by=by, is_shown=is_shown, at=at)
    return floor


@transaction.atomic
def set_switch(*, floor: F, switch: Switch, by: Actor, at: datetime) -> F:
    """Set whether the assistant may speak here."""
    return _switch(_locked(floor, None), switch, by=by, at=at)


@transaction.atomic
def follow_contact(*, floor: F, is_blocked: bool, by: Actor, at: datetime) -> F:
    """Set the switch by the contact's block, even if the conversation has ended.

    A contact who is blocked waits for nobody: a request for a person ends with the block, and so
    does what a colleague outside Parley holds, for nobody would be called in after that one.
    """
    floor = floor.locked()
    if is_blocked and (floor.control == Control.REQUESTED or floor.is_held_outside):
        floor.return_to_assistant()
        _close(floor, state=Handoff.State.RELEASED, at=at)
    switch = Switch.BLOCKED if is_blocked else Switch.ACTIVE
    return _switch(floor, switch, by=by, at=at)


@transaction.atomic
def end(*, floor: F, by: Actor, at: datetime, epoch: int | None = None) -> F:
    """End the conversation: control back to the assistant, nobody owns it."""
    floor = floor.locked()
    if floor.is_ended:
        return floor
    _check_epoch(floor, epoch)
    floor.return_to_assistant()
    floor.lifecycle = Lifecycle.ENDED
    _close(floor, state=Handoff.State.ENDED, at=at)
    floor.changed(change="ended", by=by, at=at)
    return floor


@transaction.atomic
def reopen(*, floor: F, by: Actor, at: datetime, epoch: int | None = None) -> F:
    """Reopen an ended conversation; the assistant has the floor."""
    floor = floor.locked()
    _check_epoch(floor, epoch)
    if not floor.is_ended:
        raise NotEndedError
    floor.return_to_assistant()
    floor.lifecycle = Lifecycle.ACTIVE
    floor.changed(change="reopened", by=by, at=at)
    return floor


@transaction.atomic
def appoint(
    *,
    user: User,
    role: str,
    by: Actor = PARLEY,
    presence: str | None = None,
    capacity: int | None = None,
) -> Agent:
    """Make a user an agent with a role, or change the role of one who is."""
    administrators.may_give_roles(by)
    agent, is_new = Agent.objects.get_or_create(user=user, defaults={"role": role})
    if is_new:
        administrators.record_role(user=user, by=by, before="", after=role)
    return update_agent(agent=agent, role=role, by=by, presence=presence, capacity=capacity)


@transaction.atomic
def update_agent(
    *,
    agent: Agent,
    by: Actor = PARLEY,
    presence: str | None = None,
    capacity: int | None = None,
    role: str | None = None,
) -> Agent:
    """Set an agent's presence, capacity or role; administrators alone give roles.

    Away and offline stay until the agent is set online again; online lasts while a socket is open.
    """
    if role is not None:
        administrators.may_give_roles(by)
        administrators.locked(agent.user_id)
    agent = (
        Agent.objects.select_for_update(no_key=True, of=("self",))
        .select_related("user")
        .get(pk=agent.pk)
    )
    if presence is not None:
        arrivals.choose(agent, presence)
    if capacity is not None:
        agent.capacity = capacity
        agent.save(update_fields=["capacity"])
    if role is not None:
        _give_role(agent, role, by=by)
    return agent


@transaction.atomic
def dismiss(*, agent: Agent, by: Actor = PARLEY) -> None:
    """Delete a person's agent; what they wrote stays."""
    administrators.may_give_roles(by)
    found = administrators.locked(agent.user_id)
    if found is None:
        return
    administrators.keep_one(found.user)
    found.delete()
    administrators.record_role(user=found.user, by=by, before=found.role, after="")
    _open_administration(found.user_id, is_open=False)


@transaction.atomic
def set_active(*, user: User, is_active: bool, by: Actor = PARLEY) -> User:
    """Set whether a person may sign in; who may not loses all sessions and sockets."""
    administrators.may_give_roles(by)
    administrators.locked(user.pk)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.is_active == is_active:
        return user
    if not is_active:
        administrators.keep_one(user)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    administrators.record_sign_in(user=user, by=by, is_active=is_active)
    check_sockets(user_id=user.pk)
    return user


def welcome(*, user: User, **_signal: Any) -> None:
    """Make a superuser without a role an administrator; receives ``user_logged_in``.

    ``createsuperuser`` makes such users, and so may whatever else signs people in.
    """
    if user.is_superuser and not Agent.objects.filter(user=user).exists():
        appoint(user=user, role=Agent.Role.ADMINISTRATOR)


def check_sockets(*, user_id: int) -> None:
    """Make a person's open sockets check their rights again, after the commit."""
    transaction.on_commit(partial(broadcast.revoke, f"user:{user_id}"), robust=True)


def _give_role(agent: Agent, role: str, *, by: Actor) -> None:
    """Change a locked agent's role, and with it whether the administration is open."""
    before = agent.role
    if role != before:
        if before == Agent.Role.ADMINISTRATOR:
            administrators.keep_one(agent.user)
        agent.role = role
        agent.save(update_fields=["role"])
        administrators.record_role(user=agent.user, by=by, before=before, after=role)
    _open_administration(agent.user_id, is_open=role == Agent.Role.ADMINISTRATOR)


def _open_administration(user_id: int, *, is_open: bool) -> None:
    """Set whether a person may enter the admin, and make open sockets check their rights."""
    User.objects.filter(pk=user_id).update(is_staff=is_open, is_superuser=is_open)
    check_sockets(user_id=user_id)


def _locked(floor: F, epoch: int | None) -> F:
    """Lock an active conversation's floor and compare the epoch that the caller read."""
    floor = floor.locked()
    if floor.is_ended:
        raise EndedError
    _check_epoch(floor, epoch)
    return floor


def _check_epoch(floor: Floor, epoch: int | None) -> None:
    if epoch is not None and epoch != floor.epoch:
        raise StaleEpochError(floor.epoch)


def _switch(floor: F, switch: Switch, *, by: Actor, at: datetime) -> F:
    if floor.switch == switch:
        return floor
    was_blocked = floor.switch == Switch.BLOCKED
    floor.switch = switch
    floor.epoch += 1
    change = "unblocked" if was_blocked and switch == Switch.ACTIVE else switch.value
    floor.changed(change=change, by=by, at=at)
    return floor


def _record_withdrawn(floor: Floor, *, by: Visitor, at: datetime) -> None:
    """Record the customer's request apart from the colleague's, which goes on; both count."""
    Handoff.objects.create(
        conversation_id=floor.pk,
        state=Handoff.State.RELEASED,
        requested_by=by.reference,
        requested_at=at,
        closed_at=at,
    )


def _give(floor: Floor, *, agent: User, at: datetime) -> None:
    floor.give_to(agent)
    Handoff.objects.filter(
        conversation_id=floor.pk, state__in=[Handoff.State.WAITING, Handoff.State.ACTIVE]
    ).update(state=Handoff.State.ACTIVE, agent=agent, accepted_at=at)


def _close(floor: Floor, *, state: Handoff.State, at: datetime) -> None:
    handoffs = Handoff.objects.filter(
        conversation_id=floor.pk, state__in=[Handoff.State.WAITING, Handoff.State.ACTIVE]
    )
    helped = handoffs.filter(state=Handoff.State.ACTIVE).values_list("pk", flat=True).first()
    handoffs.update(state=state, closed_at=at)
    if helped and state == Handoff.State.RELEASED:
        enqueue("chats.write_packet", handoff=helped)
