"""The floor of a conversation, the handoffs, and the agents."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from channels_layer.access.actors import Actor
from channels_layer.ids import new_id
from channels_layer.models import Leased


class Control(models.TextChoices):
    """Who has the floor."""

    AI = "ai", "AI-Handling"
    REQUESTED = "requested", "Escalated"
    AGENT = "agent", "Agent Active"


class Switch(models.TextChoices):
    """Whether the assistant may speak at all."""

    ACTIVE = "active", "Assistant Active"
    PAUSED = "paused", "Assistant Paused"
    BLOCKED = "blocked", "User Blocked"


class Lifecycle(models.TextChoices):
    """Whether the conversation goes on."""

    ACTIVE = "active", "Active"
    ENDED = "ended", "Ended"


class Floor(models.Model):
    """What decides who may speak, in the conversation's own row: one lock, one compare-and-set.

    ``epoch`` rises whenever the assistant's right to speak is given or taken; every run and tool
    effect carries the epoch it began with and is refused when it has moved on.
    """

    lifecycle = models.CharField(max_length=8, choices=Lifecycle, default=Lifecycle.ACTIVE)
    control = models.CharField(max_length=16, choices=Control, default=Control.AI)
    switch = models.CharField(max_length=8, choices=Switch, default=Switch.ACTIVE)
    epoch = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="owned_%(class)ss",
    )
    requested_at = models.DateTimeField(null=True, blank=True)
    request_reason = models.CharField(max_length=200, blank=True)

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

    def locked(self) -> Self:
        """Return this row as it is now, locked until the transaction ends."""
        rows = type(self)._default_manager.select_related(*self.SHOWN)
        return rows.select_for_update(of=("self",), no_key=True).get(pk=self.pk)

    def give_to(self, agent: User) -> None:
        """Pass the floor to a person; the assistant no longer answers."""
        self.control = Control.AGENT
        self.owner = agent
        self.requested_at = None
        self.epoch += 1

    def wait(self, *, reason: str, at: datetime) -> None:
        """Request a person: the answer in flight may finish, no new one starts."""
        self.control = Control.REQUESTED
        self.requested_at = at
        self.request_reason = reason[:200]

    def return_to_assistant(self) -> None:
        """Return the floor to the assistant."""
        self.control = Control.AI
        self.owner = None
        self.requested_at = None
        self.request_reason = ""
        self.epoch += 1

    def changed(self, *, change: str, by: Actor, reason: str = "", at: datetime) -> None:
        """Save and publish what changed; the concrete model does both.

        ``change`` is one of requested, accepted, taken, released, expired, active, paused,
        blocked, unblocked, ended, reopened.
        """
        raise NotImplementedError


class HandoffQuerySet(models.QuerySet["Handoff"]):
    """Named filters over handoffs."""

    def lacking_packet(self) -> Self:
        """Keep open handoffs that were requested and lack the packet for the agent."""
        requested = models.Q(accepted_at__isnull=True) | models.Q(
            accepted_at__gt=models.F("requested_at")
        )
        return self.filter(requested, packet__isnull=True, state__in=["waiting", "active"])

    def lacking_return_packet(self, *, since: datetime) -> Self:
        """Keep handoffs that were released after ``since`` and lack the assistant's packet."""
        return self.filter(
            return_packet__isnull=True,
            state="released",
            accepted_at__isnull=False,
            closed_at__gt=since,
        )


class Handoff(Leased):
    """One handoff: from the request for a person to the release or the end.

    ``packet`` says for the person what happened before, ``return_packet`` for the assistant what
    happened meanwhile; both are ``{summary, goal, facts, tried, by}`` and written by a job.
    """

    class State(models.TextChoices):
        """Where the handoff stands."""

        WAITING = "waiting", "Waiting for an agent"
        ACTIVE = "active", "Agent active"
        RELEASED = "released", "Returned to the assistant"
        ENDED = "ended", "Ended with the conversation"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="handoffs"
    )
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    requested_by = models.CharField(max_length=80, help_text="The actor's reference, as user:5.")
    requested_at = models.DateTimeField()
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    packet = models.JSONField(null=True, blank=True)
    return_packet = models.JSONField(null=True, blank=True)

    objects = HandoffQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["requested_at"],
                condition=models.Q(packet__isnull=True, state__in=["waiting", "active"]),
                name="handoff_packet_due",
            ),
            models.Index(
                fields=["closed_at"],
                condition=models.Q(return_packet__isnull=True, state="released"),
                name="handoff_return_packet_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(state__in=["waiting", "active"]),
                name="handoff_one_open_per_conversation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} since {self.requested_at:%Y-%m-%d %H:%M}"


class Agent(models.Model):
    """What a signed-in user is to Parley: role, presence and capacity."""

    class Role(models.TextChoices):
        """What an agent may do beyond answering."""

        AGENT = "agent", "Agent"
        SUPERVISOR = "supervisor", "Supervisor"
        ADMINISTRATOR = "administrator", "Administrator"

    class Presence(models.TextChoices):
        """Whether work may be assigned by itself."""

        ONLINE = "online", "Online"
        AWAY = "away", "Away"
        OFFLINE = "offline", "Offline"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agent"
    )
    role = models.CharField(max_length=16, choices=Role, default=Role.AGENT)
    presence = models.CharField(max_length=8, choices=Presence, default=Presence.OFFLINE)
    chosen = models.CharField(
        max_length=8,
        blank=True,
        choices=Presence,
        help_text="Away or offline, when set by hand: an open socket does not change it.",
    )
    last_seen_at = models.DateTimeField(
        null=True, blank=True, help_text="When a socket was last known to be open."
    )
    viewing = models.UUIDField(
        null=True, blank=True, db_index=True, help_text="The conversation on the screen."
    )
    capacity = models.PositiveSmallIntegerField(
        default=5, help_text="How many conversations may be assigned at once."
    )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name shown to colleagues and customers."""
        return self.user.get_full_name() or self.user.get_username()

    @property
    def presence_while_here(self) -> str:
        """What they are while a socket is open: what they chose, else online."""
        return self.chosen or self.Presence.ONLINE.value


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Named filters over notifications."""

    def unread(self) -> Self:
        """Keep what was not read yet."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """A notification for one person, with the time at which they read it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=40, help_text="Such as conversation.message.")
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=200, blank=True)
    subject = models.CharField(
        max_length=80, blank=True, help_text="What it is about, such as conversation:<id>."
    )
    cause = models.CharField(
        max_length=80, help_text="What led to it; the same cause never does so twice."
    )
    count = models.PositiveIntegerField(
        default=1, help_text="How many happenings stand in this one while it is unread."
    )
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_newest"),
            models.Index(
                fields=["user", "subject"],
                condition=models.Q(read_at__isnull=True),
                name="notification_unread",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "cause"], name="notification_once_per_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.text}"
