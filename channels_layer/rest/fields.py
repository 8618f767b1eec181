"""Serializer fields that hold what the contract says about text."""

from typing import Any

from rest_framework import serializers

MAX_TEXT = 10_000


class TextField(serializers.CharField):
    """What a person writes: 1 to 10,000 code points as they are, no NUL, no lone surrogates.

    Only strings are taken. Empty text is allowed with ``allow_blank=True`` (with attachments).
    """

    def __init__(self, **kwargs: Any) -> None:
        """Set the limits; spaces at the ends belong to the text."""
        kwargs.setdefault("max_length", MAX_TEXT)
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Take the string, refuse everything else."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))
