"""``/api/v1/agents/`` and ``/api/v1/notifications/``: agents, presence, notifications."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.rest import (
    PAGING,
    IsAgent,
    IsAgentReadsAdministratorWrites,
    IsPerson,
    actor_of,
    page_of,
    paging,
    readable,
    values,
)
from handoff import notifications, objects, selectors, services
from handoff.objects import AgentObject, NotificationObject, NotificationPage
from handoff.serializers import (
    AgentChange,
    OwnChange,
    ReadChange,
    ReadCount,
)

ORDER = ("id",)
NEWEST = ("-created_at", "-id")


class AgentsView(APIView):
    """``/agents/``: all active agents."""

    permission_classes = [IsAgent]
    scope = "agents"

    @extend_schema(operation_id="agents_list", parameters=PAGING, responses=page_of(AgentObject))
    def get(self, request: Request) -> Response:
        """List agents in the order in which they came."""
        page = paging.page(selectors.agents(), request, order=ORDER)
        return Response(page.body([objects.agent_object(row) for row in page.rows]))


class AgentView(APIView):
    """``/agents/<id>/``: one of them."""

    permission_classes = [IsAgentReadsAdministratorWrites]
    scope = "agents"

    @extend_schema(responses=AgentObject)
    def get(self, request: Request, id: int) -> Response:
        """Show an agent."""
        return Response(objects.agent_object(selectors.agent_for(actor_of(request), id)))

    @extend_schema(request=AgentChange, responses=AgentObject)
    def patch(self, request: Request, id: int) -> Response:
        """Change an agent's presence or capacity, or, as a person, the role."""
        actor = actor_of(request)
        agent = selectors.agent_for(actor, id)
        body = AgentChange(data=request.data)
        body.is_valid(raise_exception=True)
        agent = services.update_agent(agent=agent, by=actor, **body.validated_data)
        shown = objects.agent_object(agent)
        hidden = objects.HIDDEN_AGENT
        return Response(readable(shown, by=actor, scope=self.scope, hidden=hidden))


class OwnAgentView(APIView):
    """``/agents/me``: the signed-in person."""

    permission_classes = [IsPerson]

    @extend_schema(operation_id="agents_me_retrieve", responses=AgentObject)
    def get(self, request: Request) -> Response:
        """Show oneself."""
        return Response(objects.agent_object(selectors.own_agent(actor_of(request))))

    @extend_schema(
        operation_id="agents_me_partial_update", request=OwnChange, responses=AgentObject
    )
    def patch(self, request: Request) -> Response:
        """Say whether one is there, and how much one takes."""
        actor = actor_of(request)
        agent = selectors.own_agent(actor)
        body = OwnChange(data=request.data)
        body.is_valid(raise_exception=True)
        agent = services.update_agent(agent=agent, by=actor, **body.validated_data)
        return Response(objects.agent_object(agent))


class NotificationsView(APIView):
    """``/notifications/``: the signed-in person's notifications, newest first."""

    permission_classes = [IsPerson]

    @extend_schema(
        operation_id="notifications_list",
        parameters=[OpenApiParameter("unread", bool, description="Only what is unread."), *PAGING],
        responses=NotificationPage,
    )
    def get(self, request: Request) -> Response:
        """List one's notifications, with the number of unread ones as `unread_count`."""
        user = selectors.own_agent(actor_of(request)).user
        rows = notifications.notifications(user)
        if values.flag(request.query_params, "unread"):
            rows = rows.unread()
        page = paging.page(rows, request, order=NEWEST)
        body = page.body([objects.notification_object(row) for row in page.rows])
        return Response(body | {"unread_count": notifications.unread_count(user.pk)})


class NotificationReadView(APIView):
    """``/notifications/<id>/read``: one of them was read."""

    permission_classes = [IsPerson]

    @extend_schema(request=None, responses=NotificationObject)
    def post(self, request: Request, id: UUID) -> Response:
        """Mark a notification as read."""
        user = selectors.own_agent(actor_of(request)).user
        row = notifications.read_one(user=user, identifier=id, at=timezone.now())
        return Response(objects.notification_object(row))


class NotificationsReadView(APIView):
    """``/notifications/read``: several of them were read."""

    permission_classes = [IsPerson]

    @extend_schema(
        operation_id="notifications_read_several", request=ReadChange, responses=ReadCount
    )
    def post(self, request: Request) -> Response:
        """Mark notifications as read: those of `ids`, of a `subject`, or all."""
        user = selectors.own_agent(actor_of(request)).user
        body = ReadChange(data=request.data)
        body.is_valid(raise_exception=True)
        rows = notifications.notifications(user)
        if (ids := body.validated_data.get("ids")) is not None:
            rows = rows.filter(pk__in=ids)
        if subject := body.validated_data.get("subject"):
            rows = rows.filter(subject=subject)
        count = notifications.read(user=user, rows=rows, at=timezone.now())
        return Response({"read": count, "unread_count": notifications.unread_count(user.pk)})
