"""``/api/v1/conversations/<id>/join`` and the other moves of the floor (CONTRACT 4)."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Actor
from channels_layer.rest import IsAgent, IsPerson, actor_of
from conversations.api.conversations import shown
from conversations.models import Conversation
from conversations.objects.conversation import ConversationObject
from conversations.selectors.conversations import conversation_for
from conversations.serializers.conversations import FloorCondition, SwitchChange
from conversations.services import conversations as services
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
        """Accept; 409 ``already_accepted`` with the owner, or ``not_requested``."""
        return _moved(request, id, handoff.accept)


class ReleaseView(APIView):
    """``release``: give the conversation back to the assistant."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=FloorCondition, responses=MOVED)
    def post(self, request: Request, id: UUID) -> Response:
        """Release; the assistant picks up what is unanswered."""
        return _moved(request, id, handoff.release)


class EndView(APIView):
    """``end``: close the conversation."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=FloorCondition, responses=MOVED)
    def post(self, request: Request, id: UUID) -> Response:
        """End; an ended one stays as it is."""
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
        conversation = conversation_for(actor, id)
        body = SwitchChange(data=request.data)
        body.is_valid(raise_exception=True)
        conversation = services.set_switch(
            conversation=conversation,
            switch=Switch(body.validated_data["switch"]),
            by=actor,
            at=timezone.now(),
        )
        return shown(conversation, actor)


def _moved(request: Request, identifier: UUID, move: Move) -> Response:
    """Make ``move`` with the conversation; the body may name the epoch that the caller read."""
    actor = actor_of(request)
    conversation = conversation_for(actor, identifier)
    body = FloorCondition(data=request.data)
    body.is_valid(raise_exception=True)
    epoch: int | None = body.validated_data.get("epoch")
    conversation = move(floor=conversation, by=actor, at=timezone.now(), epoch=epoch)
    return shown(conversation, actor)
