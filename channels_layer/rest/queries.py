"""Reading single values from the query of a list."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request

SEARCH = serializers.CharField(max_length=200, allow_blank=True)
IDENTIFIER = serializers.UUIDField()


def search_of(request: Request) -> str:
    """Read ``search``: at most 200 characters, no NUL; empty when absent."""
    text: str = _checked(request, "search", SEARCH)
    return text


def uuid_of(request: Request, name: str) -> UUID | None:
    """Read an id, or nothing when absent."""
    if not request.query_params.get(name):
        return None
    identifier: UUID = _checked(request, name, IDENTIFIER)
    return identifier


def _checked(
    request: Request, name: str, field: serializers.CharField | serializers.UUIDField
) -> Any:
    try:
        return field.run_validation(request.query_params.get(name, ""))
    except serializers.ValidationError as error:
        raise serializers.ValidationError({name: error.detail}) from None
