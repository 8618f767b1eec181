"""Deliveries: parts of messages for customers who read elsewhere."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer import formats
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

        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Not known whether it was sent")

    OPEN: ClassVar[tuple[str, ...]] = (State.QUEUED, State.SENDING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation",
        verbose_name=_("conversation"),
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    message = models.ForeignKey(
        "conversations.Message",
        verbose_name=_("message"),
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    part = models.PositiveSmallIntegerField(
        _("part"), default=0, help_text=_("Its place in the message.")
    )
    content = models.JSONField(
        _("content"), default=dict, help_text=_("What is sent, as the source wrote it.")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    provider_id = models.CharField(
        _("provider id"),
        max_length=200,
        blank=True,
        help_text=_("The id that the other side gave it."),
    )
    error_code = models.CharField(_("error code"), max_length=40, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True, help_text=_("In plain words."))
    sending_at = models.DateTimeField(_("sending at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
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
        return f"{self.get_state_display()}, {formats.full_moment(self.created_at)}"

    @property
    def tracker(self) -> str:
        """What the other side is given along, to name this delivery and the present attempt."""
        return f"{self.pk}.{self.fence}"
