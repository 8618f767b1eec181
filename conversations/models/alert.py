"""Alerts, each of which a job turns into notifications for the people concerned."""

from django.conf import settings
from django.db import models

from channels_layer.ids import new_id


class Alert(models.Model):
    """A happening of which people are to be notified, written in its own transaction."""

    class Kind(models.TextChoices):
        """What happened."""

        ESCALATED = "conversation.escalated", "A person was asked for"
        MESSAGE = "conversation.message", "The customer wrote to somebody"
        MENTION = "conversation.mention", "Somebody was mentioned in a note"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="alerts"
    )
    message = models.ForeignKey("conversations.Message", on_delete=models.CASCADE)
    kind = models.CharField(max_length=32, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        help_text="The only one to hear of it, if there is one.",
    )
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(done_at__isnull=True),
                name="alert_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.created_at:%Y-%m-%d %H:%M}"
