"""Records that workers write beside the answers: summaries and titles."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.models import Leased


class Summary(models.Model):
    """The beginning of a conversation in short, for a model whose window is too small for all."""

    conversation = models.OneToOneField(
        "conversations.Conversation",
        verbose_name=_("conversation"),
        on_delete=models.CASCADE,
        related_name="summary",
    )
    position = models.PositiveIntegerField(
        _("position"), help_text=_("The last message that it covers.")
    )
    text = models.TextField(_("text"))
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")

    def __str__(self) -> str:
        """Show how far it reaches."""
        return f"up to {self.position}"


class Titling(Leased):
    """The work of finding a title for one conversation; the row is deleted when it is done."""

    conversation = models.OneToOneField(
        "conversations.Conversation",
        verbose_name=_("conversation"),
        on_delete=models.CASCADE,
        related_name="titling",
    )

    class Meta:
        verbose_name = _("titling")
        verbose_name_plural = _("titlings")

    def __str__(self) -> str:
        """Show how often it was tried."""
        return f"attempt {self.attempts}"
