"""The JSON schema of a tool's arguments, made of its fields."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chats.models import HttpToolField

Json = dict[str, Any]
Kind = HttpToolField.Kind

LONGEST_TEXT = {Kind.TEXT: 500, Kind.LONG_TEXT: 20_000, Kind.EMAIL: 254}
"""Characters, where a field sets no maximum."""
MOST_ITEMS = 100
DATE = r"^\d{4}-\d{2}-\d{2}$"
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


def parameters(fields: Iterable[HttpToolField]) -> Json:
    """Return the schema of the arguments that the model gives."""
    given = [field for field in fields if field.is_given_by_model]
    return {
        "type": "object",
        "properties": {field.name: _property(field) for field in given},
        "required": [field.name for field in given if field.is_required],
        "additionalProperties": False,
    }


def bound(value: float | None) -> int | float | None:
    """Return a bound of a field; a whole one as a whole number."""
    return int(value) if value is not None and value == int(value) else value


def _property(field: HttpToolField) -> Json:
    words = ": ".join(filter(None, (field.label, field.description)))
    return _SHAPES[Kind(field.kind)](field) | ({"description": words} if words else {})


def _number(field: HttpToolField) -> Json:
    limits = {"minimum": bound(field.minimum), "maximum": bound(field.maximum)}
    known = {name: value for name, value in limits.items() if value is not None}
    return {"type": "integer" if field.kind == Kind.INTEGER else "number"} | known


def _text(field: HttpToolField) -> Json:
    least = bound(field.minimum) or int(field.is_required)
    most = bound(field.maximum) or LONGEST_TEXT[Kind(field.kind)]
    return {"type": "string", "maxLength": most} | ({"minLength": least} if least else {})


def _list(field: HttpToolField) -> Json:
    return {
        "type": "array",
        "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT[Kind.TEXT]},
        "minItems": bound(field.minimum) or int(field.is_required),
        "maxItems": bound(field.maximum) or MOST_ITEMS,
    }


_SHAPES: Mapping[HttpToolField.Kind, Callable[[HttpToolField], Json]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: lambda _field: {"type": "boolean"},
    Kind.CHOICE: lambda field: {"type": "string", "enum": field.options},
    Kind.DATE: lambda _field: {"type": "string", "format": "date", "pattern": DATE},
    Kind.EMAIL: lambda field: {"format": "email", "pattern": EMAIL} | _text(field),
    Kind.LIST: _list,
}
