"""The history of a ticket."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id


class Change(models.Model):
    """One change of a field of a ticket, with the values before and after.

    ``field`` is also ``created``, ``linked`` and ``unlinked``; ``before`` and ``after`` are JSON
    as the ticket object shows the field.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.ForeignKey(
        "tickets.Ticket", verbose_name=_("ticket"), on_delete=models.CASCADE, related_name="changes"
    )
    version = models.PositiveIntegerField(
        _("version"), help_text=_("The ticket's version that this led to.")
    )
    field = models.CharField(_("field"), max_length=20)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    actor = models.CharField(
        _("actor"),
        max_length=80,
        db_column="sender",
        help_text=_("The actor who did it, such as user:5."),
    )
    author_name = models.CharField(_("author name"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    seq = models.PositiveBigIntegerField(
        _("seq"), default=0, help_text=_("The event that published it.")
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["ticket", "created_at", "id"], name="ticket_change_time"),
            models.Index(fields=["ticket", "version"], name="ticket_change_version"),
        ]

    def __str__(self) -> str:
        """Show the field and its two values."""
        return f"{self.field}: {self.before} → {self.after}"
