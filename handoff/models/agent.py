"""Agents: what a signed-in user is to Parley."""

from django.conf import settings
from django.db import models


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
