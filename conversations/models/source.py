"""Sources: where conversations come from."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id
from conversations import source_kinds

LONGEST_GATHERING = 60.0
"""Seconds."""


def validate_gathering(value: float) -> None:
    """Refuse a time for which no customer would wait, or a number that is none."""
    if not 0 <= value <= LONGEST_GATHERING:
        raise ValidationError(gettext("Write a number of seconds from 0 to 60."))


class Source(models.Model):
    """One place from which conversations come, answered by one assistant."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=source_kinds.choices)
    name = models.CharField(_("name"), max_length=80)
    assistant = models.ForeignKey(
        "conversations.Assistant",
        verbose_name=_("assistant"),
        on_delete=models.PROTECT,
        related_name="sources",
    )
    gather_seconds = models.FloatField(
        _("seconds to wait for more"),
        blank=True,
        validators=[validate_gathering],
        help_text=_(
            "How long to wait for more of a burst before answering; empty: as its kind does."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        indexes = [models.Index(fields=["kind"], name="source_kind")]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_kind_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new source gathers as its kind does unless a time is set."""
        # A time that was left out is None until the source is saved.
        if cast("float | None", self.gather_seconds) is None:
            self.gather_seconds = source_kinds.of(self.kind).gather_seconds
        super().save(*args, **kwargs)
