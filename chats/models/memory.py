"""Records that workers write beside the answers: summaries and titles."""

from django.db import models

from channels_layer.models import Leased


class Summary(models.Model):
    """The beginning of a conversation in short, for a model whose window is too small for all."""

    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="summary"
    )
    position = models.PositiveIntegerField(help_text="The last message that it covers.")
    text = models.TextField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "summaries"

    def __str__(self) -> str:
        """Show how far it reaches."""
        return f"up to {self.position}"


class Titling(Leased):
    """The work of finding a title for one conversation; the row is deleted when it is done."""

    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="titling"
    )

    def __str__(self) -> str:
        """Show whose."""
        return f"title of {self.conversation_id}"
