"""Files, and how a message names those it carries."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations.models import Attachment, Reading


class ReadingObject(serializers.Serializer[Any]):
    """Seeing, hearing or reading a customer's file, by a worker."""

    state = serializers.ChoiceField(choices=Reading.State.choices)
    error = serializers.CharField(allow_null=True, help_text="Why it failed, in plain words.")
    extent = serializers.CharField(
        allow_null=True, help_text="How much of a document was read, such as `12 pages`."
    )


class AttachmentObject(serializers.Serializer[Any]):
    """A file; `url` needs no further rights and expires."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField(help_text="Judged by the bytes.")
    size = serializers.IntegerField(help_text="Bytes; 0 while it is fetched.")
    kind = serializers.ChoiceField(choices=Attachment.Kind.choices)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(
        choices=Attachment.Status.choices, help_text="Whether its bytes are here."
    )
    error = serializers.CharField(allow_null=True, help_text="Why they are not, in plain words.")
    reading = ReadingObject(allow_null=True, help_text="Null where nothing is to be found out.")
    transcript = serializers.CharField(allow_null=True, help_text="What is said in it.")
    description = serializers.CharField(allow_null=True, help_text="What is seen in it.")
    url = serializers.CharField(allow_null=True, help_text="Null until its bytes are here.")
    thumbnail_url = serializers.CharField(allow_null=True, help_text="Images: 480 pixels.")


@extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}})
class AttachmentsField(serializers.ListField):
    """Ids of files that the writer has uploaded and that no message carries yet."""

    child = serializers.UUIDField()

    def __init__(self, **kwargs: Any) -> None:
        """Default to no attachments."""
        super().__init__(required=False, default=list, max_length=100, **kwargs)
