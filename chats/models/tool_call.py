"""One call of a tool."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from channels_layer.ids import new_id


class ToolCallQuerySet(models.QuerySet["ToolCall"]):
    """Named filters over tool calls."""

    def pending(self) -> Self:
        """Keep those that wait for a person's decision."""
        return self.filter(status=ToolCall.Status.PENDING)

    def changed_since(self, since: datetime) -> Self:
        """Keep those that began or ceased to wait for a decision since then."""
        began = models.Q(status=ToolCall.Status.PENDING, created_at__gte=since)
        ceased = models.Q(decided_at__gte=since) | models.Q(finished_at__gte=since)
        return self.filter(began | ceased, needs_approval=True)


class ToolCall(models.Model):
    """What an assistant wants to do, who decided on it, and what came of it.

    The row is written before anything is done. A call is never made twice: one that a dying
    worker left in flight becomes ``unknown`` unless its tool only reads.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        PENDING = "pending", "Waiting for approval"
        READY = "ready", "To be made"
        RUNNING = "running", "Being made"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        DENIED = "denied", "Denied"
        INVALID = "invalid", "Not possible"
        EXPIRED = "expired", "Expired"
        UNKNOWN = "unknown", "Outcome unknown"

    OPEN: ClassVar = (Status.PENDING, Status.READY, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey("chats.Run", on_delete=models.CASCADE, related_name="tool_calls")
    step = models.ForeignKey("chats.RunStep", on_delete=models.CASCADE, related_name="tool_calls")
    number = models.PositiveSmallIntegerField(help_text="Its place within the step, from 0.")
    call_id = models.CharField(max_length=100, help_text="The model's own name for it.")
    name = models.CharField(max_length=64)
    title = models.CharField(max_length=120)
    raw = models.TextField(blank=True, help_text="The arguments as the model wrote them.")
    arguments = models.JSONField(default=dict, help_text="As they are used, perhaps edited.")
    needs_approval = models.BooleanField(default=False)
    status = models.CharField(max_length=8, choices=Status)
    decided_by = models.CharField(max_length=80, blank=True, help_text="The actor's reference.")
    decider_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    result = models.TextField(blank=True, help_text="What the model got back.")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ToolCallQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "number"], name="tool_call_once_per_place"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at", "id"],
                condition=models.Q(status="pending"),
                name="tool_call_pending",
            ),
            models.Index(
                fields=["decided_at"],
                condition=models.Q(needs_approval=True),
                name="tool_call_decided",
            ),
            models.Index(
                fields=["finished_at"],
                condition=models.Q(needs_approval=True),
                name="tool_call_finished",
            ),
        ]

    def __str__(self) -> str:
        """Show which tool and how it stands."""
        return f"{self.name}: {self.get_status_display()}"
