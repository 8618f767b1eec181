"""The usage of models."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id


class Usage(models.Model):
    """The tokens of one model call and what they cost; a cost that is not known is empty, not 0."""

    class Purpose(models.TextChoices):
        """The purpose of the model call."""

        ANSWER = "answer", _("Answer")
        TITLE = "title", _("Title")
        SUMMARY = "summary", _("Summary")
        PACKET = "packet", _("Handoff packet")
        DESCRIPTION = "description", _("Description of an image")
        TRANSCRIPT = "transcript", _("Transcript of a recording")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation",
        verbose_name=_("conversation"),
        on_delete=models.CASCADE,
        related_name="usage",
    )
    run = models.ForeignKey(
        "chats.Run",
        verbose_name=_("run"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="usage",
    )
    assistant = models.ForeignKey(
        "conversations.Assistant",
        verbose_name=_("assistant"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="usage",
        help_text=_("For whose answer the call was made."),
    )
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    model = models.CharField(_("model"), max_length=120)
    input_tokens = models.PositiveIntegerField(_("input tokens"), default=0)
    output_tokens = models.PositiveIntegerField(_("output tokens"), default=0)
    cached_tokens = models.PositiveIntegerField(
        _("cached tokens"), default=0, help_text=_("Part of the input.")
    )
    reasoning_tokens = models.PositiveIntegerField(
        _("reasoning tokens"), default=0, help_text=_("Part of the output.")
    )
    cost = models.DecimalField(
        _("cost"),
        max_digits=14,
        decimal_places=8,
        null=True,
        blank=True,
        help_text=_("In the deployment's currency."),
    )
    price_version = models.CharField(
        _("price version"),
        max_length=40,
        blank=True,
        help_text=_("Which table of prices said so; empty where none did."),
    )
    is_estimated = models.BooleanField(
        _("estimated"),
        default=False,
        help_text=_("The provider did not say; counted by the length of the text."),
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("usage")
        verbose_name_plural = _("usage")
        indexes: ClassVar = [
            models.Index(fields=["conversation", "created_at"], name="usage_of_conversation"),
            models.Index(fields=["created_at", "cost"], name="usage_of_day"),
            models.Index(fields=["assistant", "created_at", "cost"], name="usage_of_assistant"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    cached_tokens__lte=models.F("input_tokens"),
                    reasoning_tokens__lte=models.F("output_tokens"),
                ),
                name="usage_parts_within_wholes",
            ),
        ]

    def __str__(self) -> str:
        """Show the tokens."""
        return f"{self.input_tokens} in, {self.output_tokens} out"
