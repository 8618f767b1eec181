"""What the apps build their REST API with; they import it from here, and none of its modules."""

from channels_layer.rest import fields as strict
from channels_layer.rest.authentication import actor_of, bearer
from channels_layer.rest.bodies import Body
from channels_layer.rest.fields import MAX_TEXT, TextField
from channels_layer.rest.hiding import readable
from channels_layer.rest.lists import paging, values
from channels_layer.rest.lists.columns import Columns, Rows
from channels_layer.rest.lists.filters import (
    Choices,
    Label,
    ListFilter,
    Order,
    SearchFilter,
    offering,
    zone_of,
)
from channels_layer.rest.lists.query import (
    COUNTED_AT_MOST,
    Chip,
    Field,
    ListQuery,
    Tab,
    capped,
    parameters_of,
    query_of,
)
from channels_layer.rest.objects import (
    LIMIT,
    PAGING,
    POSITION,
    FrameObject,
    PageObject,
    PastEvents,
    Refusal,
    page_of,
)
from channels_layer.rest.permissions import (
    IsAdministrator,
    IsAgent,
    IsAgentReadsAdministratorWrites,
    IsPerson,
    IsSupervisor,
)

__all__ = [
    "COUNTED_AT_MOST",
    "LIMIT",
    "MAX_TEXT",
    "PAGING",
    "POSITION",
    "Body",
    "Chip",
    "Choices",
    "Columns",
    "Field",
    "FrameObject",
    "IsAdministrator",
    "IsAgent",
    "IsAgentReadsAdministratorWrites",
    "IsPerson",
    "IsSupervisor",
    "Label",
    "ListFilter",
    "ListQuery",
    "Order",
    "PageObject",
    "PastEvents",
    "Refusal",
    "Rows",
    "SearchFilter",
    "Tab",
    "TextField",
    "actor_of",
    "bearer",
    "capped",
    "offering",
    "page_of",
    "paging",
    "parameters_of",
    "query_of",
    "readable",
    "strict",
    "values",
    "zone_of",
]
