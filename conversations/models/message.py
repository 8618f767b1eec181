"""One entry of a conversation."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from channels_layer.ids import new_id


class AuthorKind(models.TextChoices):
    """The kind of author."""

    CUSTOMER = "customer", "Customer"
    ASSISTANT = "assistant", "Assistant"
    AGENT = "agent", "Agent"
    SYSTEM = "system", "System"


class Message(models.Model):
    """A message, note or system line; ``position`` orders a conversation."""

    class Kind(models.TextChoices):
        """The kind of entry."""

        MESSAGE = "message", "Message"
        NOTE = "note", "Internal note"
        SYSTEM = "system", "System line"

    class Status(models.TextChoices):
        """How far it has come on its way to the reader; it only moves forward."""

        QUEUED = "queued", "Queued"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        READ = "read", "Read"
        FAILED = "failed", "Failed"

    REPLACED: ClassVar[str] = "replaced"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="messages"
    )
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.MESSAGE)
    author_kind = models.CharField(max_length=16, choices=AuthorKind)
    author_id = models.CharField(max_length=40, blank=True)
    author_name = models.CharField(max_length=200, blank=True)
    author_avatar = models.CharField(max_length=500, blank=True)
    actor = models.CharField(
        max_length=80, db_column="sender", help_text="The actor who wrote it, such as user:5."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    text = models.TextField(blank=True)
    cards = models.JSONField(default=list, blank=True)
    reactions = models.JSONField(
        default=list,
        blank=True,
        help_text='What was put to it: [{"emoji", "author_kind", "author_id", "author_name"}].',
    )
    reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    client_id = models.CharField(max_length=100, null=True, blank=True)  # noqa: DJ001 - unique when set
    run_id = models.UUIDField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.SENT)
    error = models.CharField(
        max_length=200, blank=True, help_text="Why it failed, or how an answer was cut short."
    )
    change = models.CharField(
        max_length=24, blank=True, help_text="For a system line: what happened, such as accepted."
    )
    detail = models.CharField(
        max_length=200, blank=True, help_text="For a system line: the reason, shown to staff only."
    )
    is_public = models.BooleanField(default=True, help_text="Whether the customer sees it.")
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "position"], name="message_position_unique"
            ),
            models.UniqueConstraint(
                fields=["conversation", "actor", "client_id"],
                condition=models.Q(client_id__isnull=False),
                name="message_once_per_client_id",
            ),
            models.UniqueConstraint(
                fields=["run_id"],
                condition=models.Q(run_id__isnull=False),
                name="message_one_per_run",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:40]}"
