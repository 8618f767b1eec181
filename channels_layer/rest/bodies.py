"""Bodies of requests: what they hold is declared once, and each request reads it by copies."""

import copy
from typing import Any

from rest_framework import serializers


class Body(serializers.Serializer[Any]):
    """A serializer whose fields are copied as they are, where the framework makes each anew."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return this request's own fields; those with fields of their own are made anew."""
        return {name: _copied(field) for name, field in self._declared_fields.items()}


def _copied(field: Any) -> Any:
    is_whole = isinstance(field, serializers.BaseSerializer) or hasattr(field, "child")
    return copy.deepcopy(field) if is_whole else copy.copy(field)
