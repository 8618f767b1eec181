"""The text of a message as HTML, which is made once."""

from contextlib import suppress
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _


class Rendering(models.Model):
    """What is shown of the text of a message; ``key`` says of which text, and made how."""

    message = models.OneToOneField(
        "conversations.Message",
        verbose_name=_("message"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="rendering",
    )
    key = models.CharField(_("key"), max_length=80)
    html = models.TextField(_("HTML"), blank=True)

    class Meta:
        verbose_name = _("rendering")
        verbose_name_plural = _("renderings")

    def __str__(self) -> str:
        return f"{self.message_id} {self.key}"

    @staticmethod
    def keep(message_id: UUID, *, key: str, html: str) -> None:
        """Store what was made of a message in place of what there was, unless it is deleted."""
        with suppress(IntegrityError), transaction.atomic():
            Rendering.objects.bulk_create(
                [Rendering(message_id=message_id, key=key, html=html)],
                update_conflicts=True,
                unique_fields=["message"],
                update_fields=["key", "html"],
            )
