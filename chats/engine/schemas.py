"""Schemas: those of tools' arguments in their plainest form, which every server takes.

What is left out is not lost: the arguments are checked against the whole schema all the same.
"""

from typing import Any

from chats.engine.parts import Json

KEPT = frozenset({"type", "description", "properties", "required", "items", "enum"})
_CHOICES = ("anyOf", "oneOf", "allOf")


def plain(tool: Json) -> Json:
    """Return the definition of a tool with nothing in it that servers refuse."""
    function = tool["function"]
    kept = {key: function[key] for key in ("name", "description") if key in function}
    kept["parameters"] = _plain(function.get("parameters") or {"type": "object"})
    return {"type": "function", "function": kept}


def keywords(schema: Any) -> set[str]:
    """Return the keywords in ``schema`` that the plainest form leaves out."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            found |= one.keys() - KEPT
            properties = one.get("properties")
            waiting += properties.values() if isinstance(properties, dict) else ()
            waiting += [value for key, value in one.items() if key not in {"properties", "enum"}]
    return found


def _plain(schema: Any) -> Json:
    if not isinstance(schema, dict):
        return {"type": "string"}
    schema = _chosen(schema)
    kept = {key: value for key, value in schema.items() if key in KEPT}
    if isinstance(kept.get("type"), list):
        types = [kind for kind in kept["type"] if kind != "null"]
        kept["type"] = types[0] if types else "string"
    if isinstance(kept.get("properties"), dict):
        kept["properties"] = {name: _plain(one) for name, one in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = _plain(kept["items"])
    if "enum" in kept:
        kept["enum"] = [value for value in kept["enum"] if isinstance(value, str)]
        kept = kept if kept["enum"] else {key: kept[key] for key in kept if key != "enum"}
    kept.setdefault("type", "object" if "properties" in kept else "string")
    return kept


def _chosen(schema: Json) -> Json:
    """Return ``schema`` with the first of its choices, which is not null, in its place."""
    for key in _CHOICES:
        choices = [one for one in schema.get(key) or () if isinstance(one, dict)]
        choices = [one for one in choices if one.get("type") != "null"]
        if choices:
            return {**choices[0], **{name: schema[name] for name in schema if name not in _CHOICES}}
    return schema
