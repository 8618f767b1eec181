"""Schemas of strangers: what of them is refused, and what is left out.

The arguments of a call are checked here against the schema of a server that nobody vouches for.
So it must not lead anywhere, not run in a circle and bring no regular expression that takes ages.
"""

from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import orjson
from django.utils.translation import gettext_noop

Json = dict[str, Any]

LONGEST = 32_000
"""Bytes of a schema."""
DEEPEST = 24
MOST_STEPS = 5000
"""Schemas that checking values against may pass through, counted as often as it does."""
NO_SCHEMA = gettext_noop("Its schema is no JSON schema of an object.")
TOO_LARGE = gettext_noop("Its schema is too large or too deep.")
LEADS_AWAY = gettext_noop("Its schema refers to something outside of it.")
CIRCLES = gettext_noop("Its schema refers to itself without end.")
SENTENCES = (NO_SCHEMA, TOO_LARGE, LEADS_AWAY, CIRCLES)

_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLES = (
    *("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"),
    *("unevaluatedItems", "unevaluatedProperties", "contentSchema", "additionalItems"),
)
_IN_PLACE_LISTS = ("allOf", "anyOf", "oneOf")
_IN_PLACE_SINGLES = ("not", "if", "then", "else")
_ELSEWHERE = ("$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor", "$vocabulary")


def fault_of(schema: Any) -> str:
    """Return why ``schema`` cannot be used, in one of ``SENTENCES``; empty if it can."""
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        return NO_SCHEMA
    if _depth(schema) > DEEPEST or _length(schema) > LONGEST:
        return TOO_LARGE
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError:
        return NO_SCHEMA
    parts = list(_parts(schema))
    if any(_leads_away(part, schema) for part in parts):
        return LEADS_AWAY
    way = _Way(schema)
    return CIRCLES if any(way.has_no_end(part) for part in parts) else ""


def usable(schema: Json) -> Json:
    """Return ``schema`` without regular expressions, which nobody here runs; they are told."""
    kept = {key: value for key, value in schema.items() if key not in {"pattern", "$schema"}}
    if "patternProperties" in kept:
        for key in ("patternProperties", "additionalProperties", "unevaluatedProperties"):
            kept.pop(key, None)
    if isinstance(pattern := schema.get("pattern"), str):
        told = f"Pattern: {pattern}"
        kept["description"] = " ".join(filter(None, (schema.get("description"), told)))
    for key in kept.keys() & set(_MAPS):
        kept[key] = {name: _usable(part) for name, part in kept[key].items()}
    for key in kept.keys() & set(_LISTS):
        kept[key] = [_usable(part) for part in kept[key]]
    for key in kept.keys() & set(_SINGLES):
        kept[key] = _usable(kept[key])
    return kept


def _usable(part: Any) -> Any:
    return usable(part) if isinstance(part, dict) else part


def _length(schema: Json) -> int:
    """Return the length of ``schema`` in bytes; what cannot be written is too long."""
    try:
        return len(orjson.dumps(schema))
    except TypeError:
        return LONGEST + 1


def _depth(value: Any, depth: int = 0) -> int:
    """Return how deep ``value`` is, or a little more than ``DEEPEST``."""
    if depth > DEEPEST or not isinstance(value, dict | list):
        return depth
    inner = value.values() if isinstance(value, dict) else value
    return max((_depth(one, depth + 1) for one in inner), default=depth)


def _parts(schema: Any) -> Iterator[Json]:
    """Yield ``schema`` and all schemas in it."""
    if not isinstance(schema, dict):
        return
    yield schema
    for key in _MAPS:
        for part in (schema.get(key) or {}).values():
            yield from _parts(part)
    for key in _LISTS:
        for part in schema.get(key) or ():
            yield from _parts(part)
    for key in _SINGLES:
        yield from _parts(schema.get(key))


def _leads_away(part: Json, root: Json) -> bool:
    """Return whether ``part`` refers to anything but a place in ``root`` that is there."""
    if any(key in part for key in _ELSEWHERE) or ("$id" in part and part is not root):
        return True
    return "$ref" in part and not isinstance(_target(part["$ref"], root), dict | bool)


def _target(reference: Any, root: Json) -> Any:
    """Return what ``reference`` points at in ``root``; None where it is nothing there."""
    if reference == "#":
        return root
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    found: Any = root
    for part in reference[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        found = found.get(name) if isinstance(found, dict) else None
    return found


class _Way:
    """The way that checking one value takes through the schema ``root``."""

    def __init__(self, root: Json) -> None:
        self._root = root
        self._left = MOST_STEPS

    def has_no_end(self, part: Any, above: tuple[int, ...] = ()) -> bool:
        """Return whether the way from ``part`` comes back to it, or is too long."""
        if not isinstance(part, dict):
            return False
        self._left -= 1
        if id(part) in above or self._left < 0:
            return True
        following = [_target(part["$ref"], self._root)] if "$ref" in part else []
        following += [one for key in _IN_PLACE_LISTS for one in part.get(key) or ()]
        following += [part[key] for key in _IN_PLACE_SINGLES if key in part]
        following += (part.get("dependentSchemas") or {}).values()
        return any(self.has_no_end(one, (*above, id(part))) for one in following)
