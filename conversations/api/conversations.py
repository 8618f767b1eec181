"""``/api/v1/conversations/``: the inbox as a list, a new one, one with its variables and moves."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Actor, Staff
from channels_layer.rest import (
    IsAgent,
    IsPerson,
    actor_of,
    page_of,
    paging,
    parameters_of,
    query_of,
)
from conversations.filters import NEWEST_ACTIVITY, InboxFilter
from conversations.models import Conversation, ConversationQuerySet, Variable
from conversations.objects.conversation import ConversationObject, VariableObject, variable_object
from conversations.selectors import conversations as selectors
from conversations.serializers.conversations import (
    ConversationStart,
    FloorCondition,
    SwitchChange,
    VariableChange,
)
from conversations.services import conversations as services
from conversations.services import intake
from handoff import services as handoff
from handoff.models import Switch
from handoff.objects import FloorRefusal

MOVED = {200: ConversationObject, 409: FloorRefusal}


class Move(Protocol):
    """A transition of the floor, as ``handoff.services`` has them."""

    def __call__(
        self, *, floor: Conversation, by: Actor, at: datetime, epoch: int | None = None
    ) -> Conversation:
        """Make the transition; return the conversation as it is then."""


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


class JoinView(APIView):
    """``join``: ask for a person."""

    permission_classes = [IsPerson]

    @extend_schema(request=FloorCondition, responses=MOVED)
    def post(self, request: Request, id: UUID) -> Response:
        """Put the conversation into the queue; 409 ``already_accepted`` with the owner."""
        return _moved(request, id, handoff.join)


class AcceptView(APIView):
    """``accept``: take the conversation."""

    permission_classes = [IsPerson]

    @extend_schema(request=FloorCondition, responses=MOVED)
    def post(self, request: Request, id: UUID) -> Response:
        """Take the floor; 409 ``already_accepted`` with the owner, or ``not_requested``."""
        return _moved(request, id, handoff.accept)


class ReleaseView(APIView):
    """``release``: give the conversation back to the assistant."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=FloorCondition, responses=MOVED)
    def post(self, request: Request, id: UUID) -> Response:
        """Return the floor to the assistant, which picks up what is unanswered."""
        return _moved(request, id, handoff.release)


class EndView(APIView):
    """``end``: close the conversation."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=FloorCondition, responses=MOVED)
    def post(self, request: Request, id: UUID) -> Response:
        """End a conversation; an ended one stays as it is."""
        return _moved(request, id, handoff.end)


class ReopenView(APIView):
    """``reopen``: let an ended conversation go on."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=FloorCondition, responses=MOVED)
    def post(self, request: Request, id: UUID) -> Response:
        """Reopen with the assistant; 409 ``not_ended`` when it goes on already."""
        return _moved(request, id, handoff.reopen)


class SwitchView(APIView):
    """``assistant``: whether the assistant may speak here."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=SwitchChange, responses=ConversationObject)
    def put(self, request: Request, id: UUID) -> Response:
        """Set ``active``, ``paused`` or ``blocked`` (the contact, in all its conversations)."""
        actor = actor_of(request)
        conversation = selectors.conversation_for(actor, id)
        body = SwitchChange(data=request.data)
        body.is_valid(raise_exception=True)
        conversation = services.set_switch(
            conversation=conversation,
            switch=Switch(body.validated_data["switch"]),
            by=actor,
            at=timezone.now(),
        )
        return shown(conversation, actor)


def shown(conversation: Conversation, actor: Actor, **answer: Any) -> Response:
    """Respond with one conversation as ``actor`` sees it."""
    return Response(selectors.conversation_object(conversation, actor), **answer)


def listed(queryset: ConversationQuerySet, request: Request) -> Response:
    """Respond with one page of conversations."""
    actor = actor_of(request)
    page = paging.page(selectors.rows(queryset, actor), request, order=NEWEST_ACTIVITY)
    return Response(page.body(selectors.conversation_objects(page.rows)))


def _moved(request: Request, identifier: UUID, move: Move) -> Response:
    """Make ``move`` with the conversation; the body may name the epoch that the caller read."""
    actor = actor_of(request)
    conversation = selectors.conversation_for(actor, identifier)
    body = FloorCondition(data=request.data)
    body.is_valid(raise_exception=True)
    epoch: int | None = body.validated_data.get("epoch")
    conversation = move(floor=conversation, by=actor, at=timezone.now(), epoch=epoch)
    return shown(conversation, actor)
