"""``/api/v1/runs/<id>/``: one answer in the making; and what a conversation's answers took."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.rest import IsAgent, actor_of
from chats.models import Run
from chats.objects.run import Json, RunObject, run_object
from chats.objects.usage import ConversationUsage, conversation_usage
from chats.selectors import runs as selectors
from chats.selectors import usage
from chats.services import cancellations, regenerations
from conversations.selectors.conversations import conversation_for


class RunView(APIView):
    """``/runs/<id>/``: one run."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(responses=RunObject)
    def get(self, request: Request, id: UUID) -> Response:
        """Show a run with what it took."""
        return Response(_shown(selectors.run_for(actor_of(request), id)))


class CancelView(APIView):
    """``cancel``: stop the answer."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=None, responses={202: RunObject})
    def post(self, request: Request, id: UUID) -> Response:
        """Ask for the stop; 409 ``not_running`` when it has ended."""
        actor = actor_of(request)
        run = cancellations.cancel(run=selectors.run_for(actor, id), by=actor, at=timezone.now())
        return Response(_shown(run), status=status.HTTP_202_ACCEPTED)


class RegenerateView(APIView):
    """``regenerate``: answer again."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=None, responses=RunObject)
    def post(self, request: Request, id: UUID) -> Response:
        """Set the newest answer aside and let the assistant answer again, in a run of its own."""
        run = selectors.run_for(actor_of(request), id)
        run = regenerations.regenerate(run=run, at=timezone.now())
        return Response(_shown(run))


class UsageView(APIView):
    """``conversations/<id>/usage/``: tokens and cost."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(responses=ConversationUsage)
    def get(self, request: Request, id: UUID) -> Response:
        """Show what the conversation took, in all and by purpose."""
        conversation = conversation_for(actor_of(request), id)
        total = usage.of_conversation(conversation.pk)
        purposes = usage.by_purpose(conversation.pk)
        return Response(conversation_usage(conversation, total, purposes))


def _shown(run: Run) -> Json:
    return run_object(run, usage.of_run(run.pk))
