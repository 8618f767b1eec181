"""What the OpenAPI schema says of every list."""

from functools import cache
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

PAGING = [
    OpenApiParameter("cursor", str, description="`next` or `previous` of another page."),
    OpenApiParameter("limit", int, description="How many, 1 to 100; 50 unless said."),
]


class PageObject(serializers.Serializer[Any]):
    """One page of a list."""

    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page.")
    previous = serializers.CharField(allow_null=True, help_text="The cursor of the page before.")


@cache
def page_of(item: type[serializers.Serializer[Any]]) -> type[PageObject]:
    """Return the serializer of a page whose results are described by ``item``."""
    name = f"{item.__name__.removesuffix('Object')}Page"
    members = {"results": item(many=True), "__doc__": PageObject.__doc__, "__module__": __name__}
    return type(name, (PageObject,), members)
