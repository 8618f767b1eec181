"""The arguments of a call as fields that a person can edit, by the tool's JSON schema."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from channels_layer import formats
from conversations.tool_line import ToolField

Schema = Mapping[str, Any]
NOTHING = "\u2013"
"""What stands for no choice."""
LONG = 80
"""Code points beyond which a text gets a field of several lines."""


def fields_of(arguments: Mapping[str, Any], schema: Schema) -> list[ToolField]:
    """Return a field for each argument in the schema's order, then for those it does not know."""
    properties = schema.get("properties", {})
    required = set(schema.get("required", ()))
    names = [*properties, *(name for name in arguments if name not in properties)]
    return [
        _field(name, arguments.get(name), properties.get(name), is_required=name in required)
        for name in names
    ]


def written(value: Any) -> str:
    """Return a value as it stands in a field."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def _field(name: str, value: Any, schema: Any, *, is_required: bool) -> ToolField:
    known: Schema = schema if isinstance(schema, Mapping) else {}
    kind = _kind(value, known)
    return ToolField(
        name=name,
        label=str(known.get("title") or formats.label(name)),
        kind=kind,
        value=written(value),
        hint=str(known.get("description") or "")[:200],
        choices=_choices(value, known, is_required=is_required) if kind == "choice" else (),
        is_fixed=not known or known.get("readOnly") is True,
        is_required=is_required,
        is_whole=_type(known) == "integer",
    )


def _kind(value: Any, schema: Schema) -> str:
    if isinstance(schema.get("enum"), list):
        return "choice"
    kind = _type(schema)
    if kind == "boolean":
        return "choice"
    if kind in {"number", "integer"}:
        return "number"
    if kind == "string" or (kind == "" and isinstance(value, str)):
        return "long" if _is_long(value, schema) else "text"
    return "json"


def _type(schema: Schema) -> str:
    kind = schema.get("type", "")
    if isinstance(kind, list):
        return next((str(one) for one in kind if one != "null"), "")
    return str(kind)


def _is_long(value: Any, schema: Schema) -> bool:
    text = value if isinstance(value, str) else ""
    return len(text) > LONG or "\n" in text or schema.get("maxLength", 0) > 2 * LONG


def _choices(value: Any, schema: Schema, *, is_required: bool) -> Sequence[tuple[str, str, bool]]:
    offered = schema.get("enum", [True, False])
    found = [(written_as_json(one), formats.readable(one), one == value) for one in offered]
    if not is_required or not any(is_chosen for *_, is_chosen in found):
        found.insert(0, ("", NOTHING, not any(is_chosen for *_, is_chosen in found)))
    return found


def written_as_json(value: Any) -> str:
    """Return a value as JSON, as a choice sends it."""
    return orjson.dumps(value).decode()
