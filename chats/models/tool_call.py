"""One call of a tool."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id


class ToolCallQuerySet(models.QuerySet["ToolCall"]):
    """Named filters over tool calls."""

    def pending(self) -> Self:
        """Keep those that wait for a person's decision."""
        return self.filter(status=ToolCall.Status.PENDING)

    def changed_since(self, since: datetime) -> Self:
        """Keep those that began or ceased to wait for a person, or went on, since then."""
        return self.filter(changed_at__gte=since)


class ToolCall(models.Model):
    """What an assistant wants to do, who decided on it, and what came of it.

    The row is written before anything is done. A call is never made twice: one that a dying
    worker left in flight becomes ``unknown`` unless its tool only reads.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        PENDING = "pending", _("Waiting for approval")
        READY = "ready", _("To be made")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        DENIED = "denied", _("Denied")
        INVALID = "invalid", _("Not possible")
        EXPIRED = "expired", _("Expired")
        UNKNOWN = "unknown", _("Outcome unknown")

    OPEN: ClassVar = (Status.PENDING, Status.READY, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(
        "chats.Run", verbose_name=_("run"), on_delete=models.CASCADE, related_name="tool_calls"
    )
    step = models.ForeignKey(
        "chats.RunStep", verbose_name=_("step"), on_delete=models.CASCADE, related_name="tool_calls"
    )
    number = models.PositiveSmallIntegerField(
        _("number"), help_text=_("Its place within the step, from 0.")
    )
    call_id = models.CharField(
        _("call id"), max_length=100, help_text=_("The model's own name for it.")
    )
    name = models.CharField(_("name"), max_length=64)
    title = models.CharField(_("title"), max_length=120)
    raw = models.TextField(
        _("raw"), blank=True, help_text=_("The arguments as the model wrote them.")
    )
    arguments = models.JSONField(
        _("arguments"), default=dict, help_text=_("As they are used, perhaps edited.")
    )
    extra = models.JSONField(
        _("extra"),
        default=dict,
        blank=True,
        help_text=_("What the model's server put beside the call, and wants back with it."),
    )
    effect = models.CharField(
        _("effect"), max_length=10, default="writing", help_text=_("Whether it only reads.")
    )
    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("What it will do in plain words, with {names} of arguments."),
    )
    needs_approval = models.BooleanField(_("needs approval"), default=False)
    role = models.CharField(
        _("role"), max_length=16, default="agent", help_text=_("Who may approve it.")
    )
    expires_at = models.DateTimeField(
        _("expires at"), null=True, blank=True, help_text=_("Until when somebody has to decide.")
    )
    status = models.CharField(_("status"), max_length=8, choices=Status)
    decided_by = models.CharField(
        _("decided by"), max_length=80, blank=True, help_text=_("The actor's reference.")
    )
    decider_name = models.CharField(_("decider name"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    result = models.TextField(
        _("result"), blank=True, help_text=_("What came back, whole; a model gets it shortened.")
    )
    created_at = models.DateTimeField(_("created at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    checked_by = models.CharField(
        _("checked by"),
        max_length=80,
        blank=True,
        help_text=_("The actor who found out what became of a call with an unknown outcome."),
    )
    checker_name = models.CharField(_("checker name"), max_length=200, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    check_note = models.CharField(_("check note"), max_length=500, blank=True)
    changed_at = models.GeneratedField(
        expression=models.Case(
            models.When(
                models.Q(needs_approval=True)
                | models.Q(status=Status.UNKNOWN)
                | models.Q(checked_at__isnull=False),
                then=Coalesce("checked_at", "finished_at", "decided_at", "created_at"),
            ),
            default=None,
        ),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
        help_text=_("When a call that concerns people last changed; empty for others."),
    )

    objects = ToolCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("tool call")
        verbose_name_plural = _("tool calls")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "number"], name="tool_call_once_per_place"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at", "id"],
                condition=models.Q(status="pending"),
                name="tool_call_pending",
            ),
            models.Index(
                fields=["changed_at", "id"],
                condition=models.Q(changed_at__isnull=False),
                name="tool_call_changed",
            ),
            models.Index(
                fields=["changed_at", "id"],
                condition=models.Q(status="unknown"),
                name="tool_call_unclear",
            ),
            models.Index(
                fields=["run"],
                condition=models.Q(checked_at__isnull=False),
                name="tool_call_checked",
            ),
        ]

    def __str__(self) -> str:
        """Show which tool and how it stands."""
        return f"{self.name}: {self.get_status_display()}"
