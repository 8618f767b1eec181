"""Articles: what an assistant can search."""

from typing import ClassVar

from django.db import models

from channels_layer.ids import new_id


class Article(models.Model):
    """A piece of knowledge of one assistant, which it finds by search and cites by title."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assistant = models.ForeignKey(
        "conversations.Assistant", on_delete=models.CASCADE, related_name="articles"
    )
    title = models.CharField(max_length=200)
    text = models.TextField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["assistant", "-updated_at", "-id"], name="article_newest"),
        ]

    def __str__(self) -> str:
        """Show the title."""
        return self.title
