"""Notifications of people, and those that are still to be sent."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id
from channels_layer.models import Leased


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Named filters over notifications."""

    def unread(self) -> Self:
        """Keep what was not read yet."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """A notification for one person, with the time at which they read it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="notifications",
    )
    kind = models.CharField(_("kind"), max_length=40, help_text=_("Such as conversation.message."))
    title = models.CharField(_("title"), max_length=200)
    text = models.CharField(_("text"), max_length=300, blank=True)
    url = models.CharField(_("url"), max_length=200, blank=True)
    subject = models.CharField(
        _("subject"),
        max_length=80,
        blank=True,
        help_text=_("What it is about, such as conversation:<id>."),
    )
    cause = models.CharField(
        _("cause"),
        max_length=80,
        help_text=_("What led to it; the same cause never does so twice."),
    )
    count = models.PositiveIntegerField(
        _("count"),
        default=1,
        help_text=_("How many happenings stand in this one while it is unread."),
    )
    created_at = models.DateTimeField(_("created at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_newest"),
            models.Index(fields=["subject"], name="notification_subject"),
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


class PendingNotification(Leased):
    """A notification to be sent: written with what happened, gone when a job has sent it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=40, help_text=_("Such as conversation.message."))
    subject = models.CharField(
        _("subject"),
        max_length=80,
        help_text=_("The topic of what it is about, such as conversation:<id>."),
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recipient"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="pending_notifications",
        help_text=_("The one person whom it concerns; if empty, the kind says whom."),
    )
    params = models.JSONField(
        _("params"), default=dict, blank=True, help_text=_("What else the kind needs.")
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("pending notification")
        verbose_name_plural = _("pending notifications")

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject}"

    @property
    def cause(self) -> str:
        """What makes the notifications that are sent of it unique."""
        return f"pending:{self.pk}"
