"""What the OpenAPI schema says of every list and every refusal."""

from functools import cache
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_serializer
from rest_framework import serializers

DEFAULT_LIMIT = 50
MAX_LIMIT = 100
HIGHEST_POSITION = 2**31 - 1

LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    description="How many.",
)
PAGING = [
    OpenApiParameter("cursor", str, description="`next` or `previous` of another page."),
    LIMIT,
]
POSITION = {"type": "integer", "minimum": 0, "maximum": HIGHEST_POSITION}
"""The schema of a position in a thread."""


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Refusal", value={"code": "not_found", "detail": "Not found."}, status_codes=["4XX"]
        )
    ]
)
class Refusal(serializers.Serializer[Any]):
    """Why something was refused: `code` for machines, `detail` for people."""

    code = serializers.CharField(help_text="Stable, such as `already_accepted`.")
    detail = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong with which field, with 400 and 422.",
    )
    retry_after = serializers.FloatField(
        required=False, help_text="With 429 and 503: the seconds to wait, also in `Retry-After`."
    )


class PageObject(serializers.Serializer[Any]):
    """One page of a list."""

    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page.")
    previous = serializers.CharField(allow_null=True, help_text="The cursor of the page before.")


class FrameObject(serializers.Serializer[Any]):
    """An event as a socket sends it; of one that may not be seen only `topic` and `seq`."""

    v = serializers.IntegerField(required=False)
    type = serializers.CharField(help_text="`hidden` for what may not be seen.")
    topic = serializers.CharField()
    seq = serializers.IntegerField()
    at = serializers.DateTimeField(required=False)
    data = serializers.DictField(required=False)  # type: ignore[assignment]


class PastEvents(Refusal):
    """With `reset`: events that are no longer kept, and the topic's `head`."""

    head = serializers.IntegerField(required=False, help_text="With `reset`: where to go on.")


@cache
def page_of(item: type[serializers.Serializer[Any]]) -> type[PageObject]:
    """Return the serializer of a page whose results are described by ``item``."""
    name = f"{item.__name__.removesuffix('Object')}Page"
    members = {"results": item(many=True), "__doc__": PageObject.__doc__, "__module__": __name__}
    return type(name, (PageObject,), members)
