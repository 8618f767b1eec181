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
    root = schema.resolve_serializer(object, "response").ref
    return validator(root, strict_members(schema.registry.build({})["schemas"]))


@cache
def document() -> Json:
    """Return the OpenAPI document of all that is answered in JSON, the widget's calls too."""
    everything = {"PREPROCESSING_HOOKS": [], "GET_MOCK_REQUEST": _bare_request}
    # Its settings are the process's: of two threads, one waits.
    with _lock, patched_settings(everything), GENERATOR_STATS.silence():
        found: Json = SchemaGenerator().get_schema(public=True)
    return found


@cache
def components() -> Json:
    """Return the document's components by name, each strict."""
    return strict_members(document()["components"]["schemas"])


def validator(schema: Json, components: Json) -> Draft202012Validator:
    """Return what validates JSON against a schema of OpenAPI that names strict ``components``."""
    root = strict(schema) | {"components": {"schemas": components}}
    return Draft202012Validator(root, format_checker=_FORMATS)


def problems(validator: Draft202012Validator, value: object) -> list[str]:
    """Return what is wrong with ``value``, each with its place."""
    found = sorted(validator.iter_errors(value), key=lambda error: error.json_path)
    return [f"{error.json_path}: {error.message[:LONGEST_REASON]}" for error in found]


def strict(schema: Any) -> Any:
    """Return a schema of OpenAPI 3.0 as JSON Schema in which no undeclared key is allowed."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    left_out = {"nullable", "example", "properties"}
    found = {name: strict(value) for name, value in schema.items() if name not in left_out}
    if "properties" in schema:
        found["properties"] = strict_members(schema["properties"])
    if schema.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") else found


def strict_members(schemas: Json) -> Json:
    """Return schemas by name, each strict."""
    return {name: strict(schema) for name, schema in schemas.items()}


def _bare_request(method: str, *_: object) -> HttpRequest:
    """Return a request that no view had anything to do with, for it was never sent."""
    request = HttpRequest()
    request.method = method
    return request
