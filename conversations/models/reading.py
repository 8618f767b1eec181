"""Readings: what a worker makes of a file that a customer sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer import formats
from channels_layer.ids import new_id
from channels_layer.models import Leased


class Reading(Leased):
    """Describing, transcribing or reading one file; the result is stored on the attachment."""

    class State(models.TextChoices):
        """How far it has come."""

        QUEUED = "queued", _("Queued")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    attachment = models.OneToOneField(
        "conversations.Attachment",
        verbose_name=_("attachment"),
        on_delete=models.CASCADE,
        related_name="reading",
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    error = models.CharField(_("error"), max_length=200, blank=True, help_text=_("In plain words."))
    is_final = models.BooleanField(
        _("final"), default=False, help_text=_("Another try would fail as this one did.")
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(state="queued"),
                name="reading_queued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {formats.full_moment(self.created_at)}"
