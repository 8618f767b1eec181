"""Files, and how a message names those it carries."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from channels_layer.rest import strict


@extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}})
class AttachmentsField(serializers.ListField):
    """Ids of files that the writer has uploaded and that no message carries yet."""

    child = strict.UUIDField()

    def __init__(self, **kwargs: Any) -> None:
        """Default to no attachments."""
        super().__init__(required=False, default=list, max_length=100, **kwargs)
