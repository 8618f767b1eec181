"""One execution of an assistant's loop, and its steps."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer import formats
from channels_layer.ids import new_id
from channels_layer.models import Leased
from chats.engine.refusals import LONGEST

MOST_ATTEMPTS = 3
"""How often a run is begun again when the worker that had it is gone, the first time included."""

LEASE_SECONDS = 8.0
"""How long a worker may be silent before another one takes over."""


class RunQuerySet(models.QuerySet["Run"]):
    """Named filters over runs."""

    def live(self) -> Self:
        """Keep those that have not ended."""
        return self.filter(status__in=Run.LIVE)

    def abandoned(self, at: datetime) -> Self:
        """Keep those that need a worker: ready to go on, handed over, or their worker is gone."""
        unleased = models.Q(lease_until=None) | models.Q(lease_until__lt=at)
        return self.filter(unleased, status__in=[Run.Status.READY, Run.Status.RUNNING])


class Run(Leased):
    """One execution of the assistant's loop that answers one or more messages: one answer.

    It carries the epoch it began with; nothing of it takes effect when that has moved on.
    """

    class Status(models.TextChoices):
        """Where it stands; the first three are live."""

        RUNNING = "running", _("Running")
        READY = "ready", _("Ready to go on")
        WAITING = "waiting_approval", _("Waiting for approval")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Stopped")
        SUPERSEDED = "superseded", _("Superseded")
        INTERRUPTED = "interrupted", _("Interrupted")
        FAILED = "failed", _("Failed")

    LIVE: ClassVar = (Status.RUNNING, Status.READY, Status.WAITING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation",
        verbose_name=_("conversation"),
        on_delete=models.CASCADE,
        related_name="runs",
    )
    assistant = models.ForeignKey(
        "conversations.Assistant", verbose_name=_("assistant"), on_delete=models.PROTECT
    )
    message_id = models.UUIDField(
        _("message id"), default=new_id, help_text=_("The id its message will have.")
    )
    epoch = models.PositiveIntegerField(
        _("epoch"), help_text=_("The conversation's epoch when it began.")
    )
    answers_to = models.PositiveIntegerField(
        _("answers to"), help_text=_("Position of the newest message it saw.")
    )
    behind = models.PositiveIntegerField(
        _("behind"),
        null=True,
        blank=True,
        help_text=_("Position of the newest entry when it began, behind which its answer stands."),
    )
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.RUNNING)
    reason = models.CharField(_("reason"), max_length=16, blank=True, help_text=_("Why it ended."))
    error = models.CharField(
        _("error"), max_length=40, blank=True, help_text=_("What failed, as a code.")
    )
    error_detail = models.CharField(
        _("words of the provider"),
        max_length=LONGEST,
        blank=True,
        help_text=_("What failed, as the provider says it; for staff alone."),
    )
    model = models.CharField(_("model"), max_length=120)
    attempt = models.PositiveSmallIntegerField(
        _("attempt"),
        default=1,
        help_text=_("Raised when text is lost with a worker and written again."),
    )
    text = models.TextField(
        _("text"), blank=True, help_text=_("What the customer has seen, about a second old.")
    )
    cancel_requested_at = models.DateTimeField(_("cancel requested at"), null=True, blank=True)
    cancelled_by = models.CharField(
        _("cancelled by"), max_length=80, blank=True, help_text=_("The actor's reference.")
    )
    started_at = models.DateTimeField(_("started at"))
    first_token_at = models.DateTimeField(_("first token at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(status__in=["running", "ready", "waiting_approval"]),
                name="run_one_live_per_conversation",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["conversation", "-started_at"], name="run_newest"),
            models.Index(
                fields=["lease_until"],
                condition=models.Q(status__in=["running", "ready"]),
                name="run_abandoned",
            ),
        ]

    def __str__(self) -> str:
        """Show where it stands."""
        return f"{self.get_status_display()}, {formats.full_moment(self.started_at)}"

    @property
    def is_live(self) -> bool:
        """Whether it has not ended."""
        return self.status in self.LIVE

    @property
    def topic(self) -> str:
        """The durable topic of its events: its conversation's."""
        return f"conversation:{self.conversation_id}"


class RunStep(models.Model):
    """One call of the model within a run; written before the model is called."""

    run = models.ForeignKey(
        Run, verbose_name=_("run"), on_delete=models.CASCADE, related_name="steps"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"), blank=True)
    reasoning = models.TextField(
        _("reasoning"),
        blank=True,
        help_text=_("What the model thought aloud, for staff alone. It is no part of the answer."),
    )
    finish = models.CharField(
        _("finish"), max_length=32, blank=True, help_text=_("The model's finish reason.")
    )
    prompt_tokens = models.PositiveIntegerField(
        _("prompt tokens"), default=0, help_text=_("What the model reads, as it is estimated.")
    )
    reserved = models.DecimalField(
        _("reserved"),
        max_digits=14,
        decimal_places=8,
        null=True,
        blank=True,
        help_text=_("What it may cost at most, where a budget holds."),
    )
    is_counted = models.BooleanField(
        _("counted"), default=False, help_text=_("Whether its usage is recorded, or it had none.")
    )
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("run step")
        verbose_name_plural = _("run steps")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="run_step_once_per_number"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["run"], condition=models.Q(is_counted=False), name="run_step_uncounted"
            ),
        ]

    def __str__(self) -> str:
        """Show which it is."""
        return f"step {self.number}"
