"""Agents: what a signed-in user is to Parley."""

from django.conf import settings
from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

HIGHEST_CAPACITY = 1000


class Agent(models.Model):
    """What a signed-in user is to Parley: role, presence and capacity."""

    class Role(models.TextChoices):
        """What an agent may do beyond answering."""

        AGENT = "agent", _("Agent")
        SUPERVISOR = "supervisor", _("Supervisor")
        ADMINISTRATOR = "administrator", _("Administrator")

    class Presence(models.TextChoices):
        """Whether work may be assigned by itself."""

        ONLINE = "online", _("Online")
        AWAY = "away", _("Away")
        OFFLINE = "offline", _("Offline")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="agent",
    )
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.AGENT)
    presence = models.CharField(
        _("presence"), max_length=8, choices=Presence, default=Presence.OFFLINE
    )
    chosen = models.CharField(
        _("chosen"),
        max_length=8,
        blank=True,
        choices=Presence,
        help_text=_("Away or offline, when set by hand: an open socket does not change it."),
    )
    last_seen_at = models.DateTimeField(
        _("last seen at"),
        null=True,
        blank=True,
        help_text=_("When a socket was last known to be open."),
    )
    viewing = models.UUIDField(
        _("viewing"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("The conversation on the screen."),
    )
    capacity = models.PositiveSmallIntegerField(
        _("capacity"),
        default=5,
        validators=[MaxValueValidator(HIGHEST_CAPACITY)],
        help_text=_("How many conversations may be assigned at once."),
    )

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name shown to colleagues and customers."""
        return name_of(self.user)

    @property
    def presence_while_here(self) -> str:
        """What they are while a socket is open: what they chose, else online."""
        return self.chosen or self.Presence.ONLINE.value


def name_of(user: User) -> str:
    """Return the name of somebody of the staff: the full one, else that of the account."""
    return user.get_full_name() or user.get_username()
