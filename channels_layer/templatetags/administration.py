"""Filters of the administration's templates."""

import json
from typing import Any

from django import template

from channels_layer import stored

register = template.Library()

FOLDED = 400
"""The length in characters from which a text can be folded."""


@register.filter
def outline(field: Any) -> dict[str, Any] | None:
    """Return stored data as an outline: of a JSON field, or of a text that the table says is JSON.

    Returns nothing for every other read-only field of the admin.
    """
    if not field.resolved_field:
        return None
    _field, _attribute, value = field.resolved_field
    if field.is_json:
        return stored.outline(value)
    if field.field["field"] not in getattr(field.model_admin, "json_texts", ()):
        return None
    read = _read(value)
    return stored.outline(read) if isinstance(read, dict | list) else None


@register.filter
def long_text(field: Any) -> str:
    """Return the text of a read-only field of the admin that is to be folded, or nothing."""
    value = field.resolved_field and field.resolved_field[2]
    return value if is_long(value) else ""


@register.filter
def is_long(value: object) -> bool:
    """Return whether a text is so long that it is folded."""
    return isinstance(value, str) and len(value) > FOLDED


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
