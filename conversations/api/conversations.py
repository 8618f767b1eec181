"""``/api/v1/conversations/``: the inbox as a list, one conversation, its variables, a new one."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Actor, Staff
from channels_layer.rest import IsAgent, actor_of, page_of, paging, parameters_of, query_of
from conversations.filters import NEWEST_ACTIVITY, InboxFilter
from conversations.models import Conversation, ConversationQuerySet, Variable
from conversations.objects.conversation import ConversationObject, VariableObject, variable_object
from conversations.selectors import conversations as selectors
from conversations.serializers.conversations import ConversationStart, VariableChange
from conversations.services import conversations as services
from conversations.services import intake


class ConversationsView(APIView):
    """``/conversations/``: all of them by the inbox's filters; a new one."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(
        operation_id="conversations_list",
        parameters=parameters_of(InboxFilter),
        responses=page_of(ConversationObject),
    )
    def get(self, request: Request) -> Response:
        """List conversations, newest activity first."""
        actor = actor_of(request)
        query = query_of(InboxFilter, request, at=timezone.now())
        page = query.page(selectors.rows(query.queryset(), actor))
        return Response(page.body(selectors.conversation_objects(page.rows)))

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


class VariablesView(APIView):
    """``variables/``: all of them; setting one."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(operation_id="conversations_variables_list", responses=page_of(VariableObject))
    def get(self, request: Request, id: UUID) -> Response:
        """List the variables by name."""
        conversation = selectors.conversation_for(actor_of(request), id)
        rows = [variable_object(row) for row in selectors.variables(conversation)]
        return Response({"next": None, "previous": None, "results": rows})

    @extend_schema(request=VariableChange, responses=VariableObject)
    def put(self, request: Request, id: UUID) -> Response:
        """Set one variable."""
        actor = actor_of(request)
        conversation = selectors.conversation_for(actor, id)
        body = VariableChange(data=request.data)
        body.is_valid(raise_exception=True)
        name = body.validated_data["name"]
        is_person = isinstance(actor, Staff)
        services.set_variables(
            conversation=conversation,
            values={name: body.validated_data["value"]},
            origin=Variable.Origin.PERSON if is_person else Variable.Origin.API,
            by=actor,
            at=timezone.now(),
        )
        return Response(variable_object(selectors.variable(conversation, name)))


def shown(conversation: Conversation, actor: Actor, **answer: Any) -> Response:
    """Respond with one conversation as ``actor`` sees it."""
    return Response(selectors.conversation_object(conversation, actor), **answer)


def listed(queryset: ConversationQuerySet, request: Request) -> Response:
    """Respond with one page of conversations."""
    actor = actor_of(request)
    page = paging.page(selectors.rows(queryset, actor), request, order=NEWEST_ACTIVITY)
    return Response(page.body(selectors.conversation_objects(page.rows)))
