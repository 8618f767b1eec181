"""What the OpenAPI schema says of a list's filters.

The extension of drf-spectacular for filter sets asks generic views, which these are not.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import django_filters
from drf_spectacular.utils import OpenApiParameter

from channels_layer.rest.lists.filters import ListFilter
from channels_layer.rest.objects import PAGING

TYPES: dict[type, Any] = {
    django_filters.BooleanFilter: bool,
    django_filters.IsoDateTimeFilter: datetime,
    django_filters.NumberFilter: int,
    django_filters.UUIDFilter: UUID,
}


def parameters_of(filters: type[ListFilter]) -> list[OpenApiParameter]:
    """Return the parameters of a list: its filters, its orders, cursor and limit."""
    found = [_parameter(name, one) for name, one in filters.base_filters.items()]
    if len(filters.orders) > 1:
        usual = f"`{filters.usual_order()}` unless said."
        found.append(OpenApiParameter("order", str, enum=list(filters.orders), description=usual))
    return [*found, *PAGING]


def _parameter(name: str, one: Any) -> OpenApiParameter:
    kind = next((known for known in TYPES if isinstance(one, known)), None)
    choices = one.extra.get("choices", ())
    return OpenApiParameter(
        name,
        TYPES[kind] if kind else str,
        enum=None if callable(choices) else [value for value, _word in choices] or None,
        description=one.extra.get("help_text", ""),
    )
