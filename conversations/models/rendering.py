"""The text of a message as HTML, which is made once."""

from collections.abc import Collection
from contextlib import suppress

from django.db import DatabaseError, models, transaction
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
    def keep(made: Collection["Rendering"]) -> None:
        """Store what was made in place of what there was, where the database takes it.

        Whoever reads needs none of it stored: a message may be deleted, the database read-only.
        """
        if not made:
            return
        with suppress(DatabaseError), transaction.atomic():
            Rendering.objects.bulk_create(
                sorted(made, key=lambda one: one.message_id),
                update_conflicts=True,
                unique_fields=["message"],
                update_fields=["key", "html"],
            )
