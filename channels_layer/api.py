"""The event log of a topic as a feed."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Actor
from channels_layer.errors import DomainError, InvalidError, NotFoundError
from channels_layer.log import events, topics
from channels_layer.rest import (
    LIMIT,
    FrameObject,
    IsAgent,
    PastEvents,
    actor_of,
    page_of,
    paging,
    values,
)

FEED = [
    OpenApiParameter(
        "after",
        {"type": "integer", "minimum": 0},
        description="The seq to go on from; 0 is the start.",
    ),
    OpenApiParameter("cursor", str, description="The next of the page before."),
    LIMIT,
]
FEED_ANSWERS = {200: page_of(FrameObject), 409: PastEvents}


class TooFarBehindError(DomainError):
    """The requested events are no longer kept."""

    code = "reset"
    detail = _("These events are no longer kept: read the object afresh and go on from its seq.")


class EventsView(APIView):
    """``GET /api/v1/events/``: what happened in a durable topic, in order, without gaps."""

    permission_classes = [IsAgent]
    scope = "events"

    @extend_schema(
        operation_id="events_list",
        parameters=[
            OpenApiParameter(
                "topic",
                {"type": "string", "minLength": 1},
                required=True,
                description="Such as `conversation:<id>`.",
            ),
            *FEED,
        ],
        responses=FEED_ANSWERS,
    )
    def get(self, request: Request) -> Response:
        """Return events of a topic after a seq; 409 ``reset`` when they are no longer kept."""
        topic = request.query_params.get("topic", "")
        if not topic:
            raise InvalidError(fields={"topic": [gettext("Which topic?")]})
        kind = topics.kind_of(topic)
        actor = actor_of(request)
        if kind is None or not kind.durable or not topics.may_follow(actor, topic):
            raise NotFoundError
        return feed(request, actor, topic)


def feed(request: Request, actor: Actor, topic: str) -> Response:
    """Return the events of a topic that ``actor`` may follow; 409 when no longer kept."""
    start = "cursor" if "cursor" in request.query_params else "after"
    after = values.whole_number(request.query_params, start, default=0, low=0)
    limit = paging.limit_of(request.query_params)
    found = events.replay(topic, after=after, limit=limit + 1, audience=actor.audience)
    if found is None:
        raise TooFarBehindError(extra={"head": events.head(topic)})
    following = str(found[limit - 1][0]) if len(found) > limit else None
    results = [frame for _, frame in found[:limit]]
    return Response({"next": following, "previous": None, "results": results})


class UnknownView(APIView):
    """A path that does not exist below the API: 404 in JSON for every caller and method."""

    authentication_classes = ()
    permission_classes = [AllowAny]
    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Raise 404 before authentication and whatever the method."""
        raise NotFoundError
