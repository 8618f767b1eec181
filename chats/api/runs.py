"""``/api/v1/runs/`` and ``tool-calls/``: answers, what they took, and what they want to do."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Actor
from channels_layer.rest import IsAgent, actor_of, page_of, parameters_of, query_of, readable
from chats.filters import ToolCallFilter
from chats.models import Run, ToolCall
from chats.objects import run as run_objects
from chats.objects import tool_call as call_objects
from chats.objects.run import Json, RunObject, run_object
from chats.objects.tool_call import DecisionRefusal, ToolCallObject, tool_call_object
from chats.objects.usage import ConversationUsage, conversation_usage
from chats.selectors import reasoning, usage
from chats.selectors import runs as selectors
from chats.serializers.runs import Approval, Denial, Outcome
from chats.services import approvals, runs
from chats.services.approvals import Decision, Finding
from conversations.selectors.conversations import conversation_for

DECIDED = {200: ToolCallObject, 409: DecisionRefusal}


class RunView(APIView):
    """``/runs/<id>/``: one run."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(responses=RunObject)
    def get(self, request: Request, id: UUID) -> Response:
        """Show a run with what it took."""
        actor = actor_of(request)
        return Response(_shown(selectors.run_for(actor, id), actor))


class CancelView(APIView):
    """``cancel``: stop the answer."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=None, responses={202: RunObject})
    def post(self, request: Request, id: UUID) -> Response:
        """Stop the answer; 409 ``not_running`` when it has ended."""
        actor = actor_of(request)
        run = runs.cancel(run=selectors.run_for(actor, id), by=actor, at=timezone.now())
        return Response(_shown(run, actor), status=status.HTTP_202_ACCEPTED)


class RegenerateView(APIView):
    """``regenerate``: answer again."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=None, responses=RunObject)
    def post(self, request: Request, id: UUID) -> Response:
        """Set the newest answer aside and let the assistant answer again, in a run of its own."""
        actor = actor_of(request)
        run = selectors.run_for(actor, id)
        run = runs.regenerate(run=run, at=timezone.now())
        return Response(_shown(run, actor))


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


class ToolCallsView(APIView):
    """``/tool-calls/``: all of them, or those that wait for a decision."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(
        operation_id="tool_calls_list",
        parameters=parameters_of(ToolCallFilter),
        responses=page_of(ToolCallObject),
    )
    def get(self, request: Request) -> Response:
        """List tool calls, newest first."""
        query = query_of(ToolCallFilter, request, at=timezone.now())
        page = query.page(query.queryset())
        return Response(page.body([tool_call_object(row) for row in page.rows]))


class ToolCallView(APIView):
    """``/tool-calls/<id>/``: one of them."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(responses=ToolCallObject)
    def get(self, request: Request, id: UUID) -> Response:
        """Show a tool call."""
        call = selectors.tool_call_for(actor_of(request), id)
        return Response(tool_call_object(call, is_whole=True))


class ApproveView(APIView):
    """``approve``: let it be done, perhaps with other arguments."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=Approval, responses=DECIDED)
    def post(self, request: Request, id: UUID) -> Response:
        """Approve a tool call; exactly one decision wins, others get 409 ``already_decided``."""
        actor = actor_of(request)
        call = selectors.tool_call_for(actor, id)
        body = Approval(data=request.data)
        body.is_valid(raise_exception=True)
        decision = Decision(is_approved=True, **body.validated_data)
        call = approvals.decide(call=call, by=actor, decision=decision, at=timezone.now())
        return Response(_call_shown(call, actor))


class DenyView(APIView):
    """``deny``: do not let it be done."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=Denial, responses=DECIDED)
    def post(self, request: Request, id: UUID) -> Response:
        """Deny a tool call; the assistant receives the denial with the note."""
        actor = actor_of(request)
        call = selectors.tool_call_for(actor, id)
        body = Denial(data=request.data)
        body.is_valid(raise_exception=True)
        decision = Decision(is_approved=False, **body.validated_data)
        call = approvals.decide(call=call, by=actor, decision=decision, at=timezone.now())
        return Response(_call_shown(call, actor))


class CheckView(APIView):
    """``check``: what became of a call with an unknown outcome."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=Outcome, responses=DECIDED)
    def post(self, request: Request, id: UUID) -> Response:
        """Say that it happened (``done``) or did not (``failed``); 409 where that is known."""
        actor = actor_of(request)
        call = selectors.tool_call_for(actor, id)
        body = Outcome(data=request.data)
        body.is_valid(raise_exception=True)
        has_happened = body.validated_data["outcome"] == "done"
        finding = Finding(has_happened=has_happened, note=body.validated_data.get("note", ""))
        call = approvals.check(call=call, by=actor, finding=finding, at=timezone.now())
        return Response(_call_shown(call, actor))


def _shown(run: Run, actor: Actor) -> Json:
    shown = run_object(run, usage.of_run(run.pk), reasoning=reasoning.of_run(run.pk))
    return readable(shown, by=actor, scope="conversations", hidden=run_objects.HIDDEN)


def _call_shown(call: ToolCall, actor: Actor) -> Json:
    hidden = call_objects.HIDDEN
    return readable(
        tool_call_object(call, is_whole=True), by=actor, scope="conversations", hidden=hidden
    )
