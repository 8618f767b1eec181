"""Deliveries: parts of messages for customers who read elsewhere."""

from typing import ClassVar

from django.db import models

from channels_layer.ids import new_id
from channels_layer.models import Leased


class Delivery(Leased):
    """One part of a message on its way to the customer; sent in the order of ids.

    A worker that dies between sending and noting it leaves ``sending`` behind its lease: nobody
    knows whether it arrived. Such a row waits for a status that names it, then becomes
    ``unknown``, and a person decides.
    """

    class State(models.TextChoices):
        """How far it has come; it only moves forward but for a person's *send again*."""

        QUEUED = "queued", "Queued"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        READ = "read", "Read"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Not known whether it was sent"

    OPEN: ClassVar[tuple[str, ...]] = (State.QUEUED, State.SENDING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="deliveries"
    )
    message = models.ForeignKey(
        "conversations.Message", on_delete=models.CASCADE, related_name="deliveries"
    )
    part = models.PositiveSmallIntegerField(default=0, help_text="Its place in the message.")
    content = models.JSONField(default=dict, help_text="What is sent, as the source wrote it.")
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    provider_id = models.CharField(
        max_length=200, blank=True, help_text="The id that the other side gave it."
    )
    error_code = models.CharField(max_length=40, blank=True)
    error = models.CharField(max_length=300, blank=True, help_text="In plain words.")
    sending_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["message", "part"], name="delivery_once_per_part"),
            models.UniqueConstraint(
                fields=["provider_id"],
                condition=~models.Q(provider_id=""),
                name="delivery_provider_id_unique",
            ),
        ]
        indexes = [
            models.Index(
                fields=["conversation", "id"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="delivery_open",
            ),
            models.Index(fields=["conversation", "-created_at"], name="delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} part {self.part}: {self.get_state_display()}"

    @property
    def tracker(self) -> str:
        """What the other side is given along, to name this delivery and the present attempt."""
        return f"{self.pk}.{self.fence}"
