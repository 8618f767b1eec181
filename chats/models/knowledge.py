"""Articles: what an assistant can search."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id

LONGEST_ARTICLE = 100_000


class Article(models.Model):
    """A piece of knowledge of one assistant, which it finds by search and cites by title."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assistant = models.ForeignKey(
        "conversations.Assistant",
        verbose_name=_("assistant"),
        on_delete=models.CASCADE,
        related_name="articles",
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), validators=[MaxLengthValidator(LONGEST_ARTICLE)])
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes: ClassVar = [
            models.Index(fields=["assistant", "-updated_at", "-id"], name="article_newest"),
        ]

    def __str__(self) -> str:
        """Show the title."""
        return self.title
