"""``/api/v1/conversations/``: the inbox as a list, one conversation, beginning one."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Actor, Staff
from channels_layer.errors import InvalidError
from channels_layer.rest.authentication import actor_of
from channels_layer.rest.lists import paging
from channels_layer.rest.objects import PAGING, page_of
from channels_layer.rest.permissions import IsAgent
from conversations.filters import ACTIVITIES, PERIODS, STATUSES, WINDOWS, InboxFilter
from conversations.models import Conversation
from conversations.models.conversation import ConversationQuerySet
from conversations.objects.conversation import ConversationObject
from conversations.selectors import conversations as selectors
from conversations.serializers.conversations import ConversationStart
from conversations.services import intake
from handoff.models import Control, Switch

ORDER = ("-last_message_at", "-id")


def _choice(name: str, values: list[str]) -> OpenApiParameter:
    return OpenApiParameter(name, str, enum=values)


FILTERS = [
    _choice("status", [value for value, _ in STATUSES]),
    _choice("handoff", Control.values),
    _choice("switch", Switch.values),
    _choice("activity", [value for value, _ in ACTIVITIES]),
    OpenApiParameter("source", str, description="A source's id or kind."),
    OpenApiParameter("assistant", UUID),
    _choice("period", [value for value, _ in PERIODS]),
    OpenApiParameter("after", str, description="Active at or after this time (ISO 8601)."),
    OpenApiParameter("before", str, description="Active before this time (ISO 8601)."),
    OpenApiParameter("owner", str, description="`me`, `none` or a person's id."),
    _choice("window", [value for value, _ in WINDOWS]),
    OpenApiParameter("search", str, description="Words of who it is, or of what was said."),
]


class ConversationsView(APIView):
    """``/conversations/``: all of them by the inbox's filters; a new one."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(
        operation_id="conversations_list",
        parameters=[*FILTERS, *PAGING],
        responses=page_of(ConversationObject),
    )
    def get(self, request: Request) -> Response:
        """List conversations, newest activity first."""
        actor = actor_of(request)
        filters = InboxFilter(
            request.query_params,
            selectors.inbox(actor),
            actor=actor,
            at=timezone.now(),
            zone=_zone(actor),
        )
        if not filters.is_valid():
            raise InvalidError(fields={name: list(e) for name, e in filters.errors.items()})
        return listed(filters.qs, request)

    @extend_schema(request=ConversationStart, responses={201: ConversationObject})
    def post(self, request: Request) -> Response:
        """Start a conversation through an ``api`` source; with a text the assistant answers."""
        actor = actor_of(request)
        body = ConversationStart(data=request.data)
        body.is_valid(raise_exception=True)
        conversation = intake.begin(arrival=body.arrival(), by=actor, at=timezone.now())
        return shown(conversation, actor, status=status.HTTP_201_CREATED)


class ConversationView(APIView):
    """``/conversations/<id>/``: one of them."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(responses=ConversationObject)
    def get(self, request: Request, id: UUID) -> Response:
        """Show one conversation."""
        actor = actor_of(request)
        return shown(selectors.conversation_for(actor, id), actor)


def shown(conversation: Conversation, actor: Actor, **answer: Any) -> Response:
    """Respond with one conversation as ``actor`` sees it."""
    return Response(selectors.conversation_object(conversation, actor), **answer)


def listed(queryset: ConversationQuerySet, request: Request) -> Response:
    """Respond with one page of conversations."""
    actor = actor_of(request)
    page = paging.page(selectors.rows(queryset, actor), request, order=ORDER)
    return Response(page.body(selectors.conversation_objects(page.rows)))


def _zone(actor: Actor) -> ZoneInfo:
    """Return the person's time zone, which the middleware has set; UTC for systems."""
    name = timezone.get_current_timezone_name() if isinstance(actor, Staff) else "UTC"
    return ZoneInfo(name)
