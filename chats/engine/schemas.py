"""Schemas: those of tools' arguments in their plainest form, which every server takes.

What is left out is not lost: the arguments are checked against the whole schema all the same.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from chats.engine.parts import Json

KEPT = frozenset({"type", "description", "properties", "required", "items", "enum"})
_CHOICES = ("anyOf", "oneOf", "allOf")
_DEEPEST = 5


def plain(tool: Json) -> Json:
    """Return the definition of a tool with nothing in it that servers refuse."""
    function = tool["function"]
    kept = {key: function[key] for key in ("name", "description") if key in function}
    parameters = function.get("parameters") or {"type": "object"}
    kept["parameters"] = _plain(parameters, parameters)
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


def _plain(schema: Any, root: Json, depth: int = 0) -> Json:
    """Return ``schema``, a part of ``root``; what refers to itself ends at some depth."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return {"type": "string"}
    schema = _chosen(_resolved(schema, root), root)
    kept = {key: value for key, value in schema.items() if key in KEPT}
    if isinstance(kept.get("type"), list):
        types = [kind for kind in kept["type"] if kind != "null"]
        kept["type"] = types[0] if types else "string"
    kept.setdefault("type", "object" if "properties" in kept else "string")
    if isinstance(kept.get("properties"), dict):
        parts = kept["properties"].items()
        kept["properties"] = {name: _plain(one, root, depth + 1) for name, one in parts}
    if "items" in kept or kept["type"] == "array":
        kept["items"] = _plain(kept.get("items"), root, depth + 1)
    return _with_values(kept, schema)


def _with_values(kept: Json, schema: Json) -> Json:
    """Return ``kept`` with the values that it allows: texts as such, others told in words."""
    values = [schema["const"]] if "const" in schema else kept.pop("enum", None)
    values = [value for value in values or () if value is not None]
    if values and all(isinstance(value, str) for value in values):
        return {**kept, "enum": values}
    if not values:
        return kept
    told = f"One of: {', '.join(orjson.dumps(value).decode() for value in values)}."
    return {**kept, "description": " ".join(filter(None, (kept.get("description"), told)))}


def _resolved(schema: Json, root: Json) -> Json:
    """Return ``schema`` with what it refers to in its place."""
    for _ in range(_DEEPEST):
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            break
        found: Any = root
        for part in filter(None, reference.removeprefix("#").split("/")):
            name = part.replace("~1", "/").replace("~0", "~")
            found = found.get(name) if isinstance(found, dict) else None
        own = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**found, **own} if isinstance(found, dict) else own
    return schema


def _chosen(schema: Json, root: Json) -> Json:
    """Return ``schema`` with the first of its choices, which is not null, or all of its parts."""
    own = {name: schema[name] for name in schema if name not in _CHOICES}
    for key in _CHOICES:
        choices = [_resolved(one, root) for one in schema.get(key) or () if isinstance(one, dict)]
        choices = [one for one in choices if one.get("type") != "null"]
        if choices and key == "allOf":
            return _joined([*choices, own])
        if choices:
            return {**choices[0], **own}
    return schema


def _joined(schemas: Sequence[Json]) -> Json:
    """Return what holds for all of ``schemas``."""
    joined: Json = {}
    for schema in schemas:
        properties = {**joined.get("properties", {}), **schema.get("properties", {})}
        required = dict.fromkeys([*joined.get("required", []), *schema.get("required", [])])
        joined = {**joined, **schema}
        if properties:
            joined["properties"] = properties
        if required:
            joined["required"] = list(required)
    return joined
