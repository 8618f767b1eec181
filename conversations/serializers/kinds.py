"""The kind of a source, as the API names it."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from conversations import source_kinds

Choices = list[tuple[str, str]]


class SourceKindField(serializers.ChoiceField):
    """One of the kinds that are registered when it is used; each serializer makes its own anew."""

    def __init__(
        self, *, kinds: Callable[[], Choices] = source_kinds.choices, **kwargs: Any
    ) -> None:
        """Offer the choices that ``kinds`` returns."""
        super().__init__(choices=kinds(), **kwargs)
