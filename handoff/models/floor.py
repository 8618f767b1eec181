"""The floor of a conversation: who may speak."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer import locking
from channels_layer.access.actors import Actor, Staff


class Control(models.TextChoices):
    """Who has the floor."""

    AI = "ai", _("AI-Handling")
    REQUESTED = "requested", _("Escalated")
    AGENT = "agent", _("Agent Active")


class Switch(models.TextChoices):
    """Whether the assistant may speak at all."""

    ACTIVE = "active", _("Assistant Active")
    PAUSED = "paused", _("Assistant Paused")
    BLOCKED = "blocked", _("User Blocked")


class Lifecycle(models.TextChoices):
    """Whether the conversation goes on."""

    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")


class Floor(models.Model):
    """What decides who may speak, in the conversation's own row: one lock, one compare-and-set.

    ``epoch`` rises whenever the assistant's right to speak is given or taken; every run and tool
    effect carries the epoch it began with and is refused when it has moved on.
    """

    lifecycle = models.CharField(
        _("lifecycle"), max_length=8, choices=Lifecycle, default=Lifecycle.ACTIVE
    )
    control = models.CharField(_("control"), max_length=16, choices=Control, default=Control.AI)
    switch = models.CharField(_("switch"), max_length=8, choices=Switch, default=Switch.ACTIVE)
    epoch = models.PositiveIntegerField(_("epoch"), default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="owned_%(class)ss",
    )
    requested_at = models.DateTimeField(_("requested at"), null=True, blank=True)
    request_reason = models.CharField(_("request reason"), max_length=200, blank=True)
    requested_by = models.CharField(
        _("requested by"),
        max_length=8,
        blank=True,
        help_text=_("The kind of actor who asked for a person: visitor, staff or system."),
    )

    # The related rows that are loaded together with the locked one.
    SHOWN: ClassVar[tuple[str, ...]] = ("owner",)
    FLOOR_FIELDS: ClassVar[tuple[str, ...]] = (
        "lifecycle",
        "control",
        "switch",
        "epoch",
        "owner",
        "requested_at",
        "request_reason",
        "requested_by",
    )

    class Meta:
        abstract = True

    @property
    def is_ended(self) -> bool:
        """Whether nothing but reopening is possible."""
        return self.lifecycle == Lifecycle.ENDED

    @property
    def assistant_may_speak(self) -> bool:
        """Whether a new answer may begin now."""
        return (
            self.lifecycle == Lifecycle.ACTIVE
            and self.control == Control.AI
            and self.switch == Switch.ACTIVE
        )

    @property
    def is_request_shown(self) -> bool:
        """Whether the customer knows of a request: not of a colleague's own Join."""
        return self.control == Control.REQUESTED and self.requested_by != Staff.kind

    @property
    def is_held_outside(self) -> bool:
        """Whether a colleague who writes outside Parley has the floor: nobody here owns it."""
        return self.control == Control.AGENT and self.owner_id is None

    def locked(self) -> Self:
        """Return this row as it is now, locked until the transaction ends."""
        return locking.locked(type(self), self.pk, shown=self.SHOWN)

    def give_to(self, agent: User) -> None:
        """Pass the floor to a person; the assistant no longer answers."""
        self.control = Control.AGENT
        self.owner = agent
        self.requested_at = None
        self.requested_by = ""
        self.epoch += 1

    def give_outside(self) -> None:
        """Pass the floor to a colleague who writes outside Parley."""
        self.control = Control.AGENT
        self.owner = None
        self.requested_at = None
        self.requested_by = ""
        self.epoch += 1

    def wait(self, *, by: Actor, reason: str, at: datetime) -> None:
        """Request a person: the answer in flight may finish, no new one starts.

        Whoever waits already keeps the place.
        """
        self.control = Control.REQUESTED
        self.requested_at = self.requested_at or at
        self.requested_by = by.kind
        self.request_reason = reason[:200]

    def return_to_assistant(self) -> None:
        """Return the floor to the assistant."""
        self.control = Control.AI
        self.owner = None
        self.requested_at = None
        self.requested_by = ""
        self.request_reason = ""
        self.epoch += 1

    def return_to_colleague(self, *, reason: str) -> None:
        """Hide the request from the customer again: a colleague's own Join goes on."""
        self.requested_by = Staff.kind
        self.request_reason = reason
        self.epoch += 1

    def changed(
        self,
        *,
        change: str,
        by: Actor,
        reason: str = "",
        is_shown: bool = True,
        at: datetime,
    ) -> None:
        """Save and publish what changed; the concrete model does both.

        ``change`` is one of requested, withdrawn, accepted, taken, released, returned, expired,
        active, paused, blocked, unblocked, ended, reopened. The owner has released what is
        ``released``, somebody else what is ``returned``. ``is_shown`` is false for what the
        customer is not told though others of its kind are.
        """
        raise NotImplementedError
