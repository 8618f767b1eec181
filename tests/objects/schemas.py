"""The schemas of what is sent, as the API's documentation shows them, and strict.

A key that no serializer declares is refused, and so is a declared one that is missing.
"""

from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from typing import Any

from django.http import HttpRequest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry
from drf_spectacular.settings import patched_settings
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

Json = dict[str, Any]
Object = type[Serializer[Any]]

LONGEST_REASON = 300
"""Characters of a reason that are shown; it quotes what was sent."""
ANNOTATIONS = {"description", "title", "example", "default", "readOnly", "nullable", "properties"}
_FORMATS = FormatChecker()
_lock = Lock()


@_FORMATS.checks("date-time", raises=ValueError)
def is_time(value: object) -> bool:
    """Return whether a text is a time in UTC, as ISO 8601 writes it."""
    if not isinstance(value, str):
        return True
    return value.endswith("Z") and datetime.fromisoformat(value).utcoffset() == timedelta(0)


@cache
def validator_of(object: Object) -> Draft202012Validator:  # noqa: A002 - as event types call it
    """Return what validates JSON against the serializer ``object``."""
    schema = AutoSchema()
    schema.registry = ComponentRegistry()
    schema.path, schema.method = "/", "GET"
    schema.view = APIView()
    schema.view.request = None  # type: ignore[assignment]
    # The library loads its extensions at their first use, which threads must not do at once.
    with _lock:
        root = schema.resolve_serializer(object, "response").ref
    return validator(root, schema.registry.build({})["schemas"])


@cache
def document() -> Json:
    """Return the OpenAPI document of all that is answered in JSON, the widget's calls too."""
    everything = {"PREPROCESSING_HOOKS": [], "GET_MOCK_REQUEST": _bare_request}
    # The library's settings are the process's: of two threads, one waits.
    with _lock, patched_settings(everything), GENERATOR_STATS.silence():
        found: Json = SchemaGenerator().get_schema(public=True)
    return found


def validator(schema: Json, components: Json) -> Draft202012Validator:
    """Return what validates JSON against a schema of OpenAPI that refers to ``components``."""
    return Draft202012Validator(strict(schema, components), format_checker=_FORMATS)


def problems(validator: Draft202012Validator, value: object) -> list[str]:
    """Return what is wrong with ``value``, each with its place."""
    found = sorted(validator.iter_errors(value), key=lambda error: error.json_path)
    return [f"{error.json_path}: {error.message[:LONGEST_REASON]}" for error in found]


def strict(schema: Any, components: Json) -> Any:
    """Return a schema of OpenAPI 3.0 as JSON Schema in which no undeclared key is allowed.

    Components stand in their places, for looking them up would take most of the time.
    """
    if isinstance(schema, list):
        return [strict(one, components) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return strict(components[schema["$ref"].rpartition("/")[2]], components)
    found = {
        name: strict(value, components)
        for name, value in schema.items()
        if name not in ANNOTATIONS and not name.startswith("x-")
    }
    members = schema.get("properties", {})
    if schema.get("type") == "object":
        found["properties"] = {name: strict(one, components) for name, one in members.items()}
        found.setdefault("additionalProperties", False)
    if found.keys() == {"allOf"} and len(found["allOf"]) == 1:
        (found,) = found["allOf"]
    return _or_null(found) if schema.get("nullable") else found


def _or_null(schema: Json) -> Json:
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _bare_request(method: str, *_: object) -> HttpRequest:
    """Return a request that no view had anything to do with, for it was never sent."""
    request = HttpRequest()
    request.method = method
    return request
