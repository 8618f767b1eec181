"""The usage of models."""

from typing import ClassVar

from django.db import models

from channels_layer.ids import new_id


class Usage(models.Model):
    """The tokens of one model call and what they cost; a cost that is not known is empty, not 0."""

    class Purpose(models.TextChoices):
        """The purpose of the model call."""

        ANSWER = "answer", "Answer"
        TITLE = "title", "Title"
        SUMMARY = "summary", "Summary"
        PACKET = "packet", "Handoff packet"
        DESCRIPTION = "description", "Description of an image"
        TRANSCRIPT = "transcript", "Transcript of a recording"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="usage"
    )
    run = models.ForeignKey(
        "chats.Run", null=True, blank=True, on_delete=models.CASCADE, related_name="usage"
    )
    purpose = models.CharField(max_length=16, choices=Purpose)
    model = models.CharField(max_length=120)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cached_tokens = models.PositiveIntegerField(default=0, help_text="Part of the input.")
    reasoning_tokens = models.PositiveIntegerField(default=0, help_text="Part of the output.")
    cost = models.DecimalField(
        max_digits=14, decimal_places=8, null=True, blank=True, help_text="US dollars."
    )
    is_estimated = models.BooleanField(
        default=False, help_text="The provider did not say; counted by the length of the text."
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "usage"
        indexes: ClassVar = [
            models.Index(fields=["conversation", "created_at"], name="usage_of_conversation"),
            models.Index(fields=["created_at"], name="usage_newest"),
        ]

    def __str__(self) -> str:
        """Show the tokens."""
        return f"{self.input_tokens} in, {self.output_tokens} out"
