"""``/api/v1/assistants/``: the configured AIs; administrators change them."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.rest import (
    PAGING,
    IsAgentReadsAdministratorWrites,
    actor_of,
    page_of,
    paging,
    readable,
)
from conversations.objects.assistant import HIDDEN, AssistantObject, assistant_object
from conversations.selectors import assistants as selectors
from conversations.serializers.assistants import AssistantChange
from conversations.services import assistants as services

ORDER = ("name", "id")


class AssistantsView(APIView):
    """``/assistants/``: all of them; a new one."""

    permission_classes = [IsAgentReadsAdministratorWrites]
    scope = "assistants"

    @extend_schema(
        operation_id="assistants_list", parameters=PAGING, responses=page_of(AssistantObject)
    )
    def get(self, request: Request) -> Response:
        """List assistants by name."""
        page = paging.page(selectors.assistants(actor_of(request)), request, order=ORDER)
        return Response(page.body([assistant_object(row) for row in page.rows]))

    @extend_schema(request=AssistantChange, responses={201: AssistantObject})
    def post(self, request: Request) -> Response:
        """Make an assistant."""
        body = AssistantChange(data=request.data)
        body.is_valid(raise_exception=True)
        assistant = services.create(values=body.validated_data)
        return Response(assistant_object(assistant), status=status.HTTP_201_CREATED)


class AssistantView(APIView):
    """``/assistants/<id>/``: one of them."""

    permission_classes = [IsAgentReadsAdministratorWrites]
    scope = "assistants"

    @extend_schema(responses=AssistantObject)
    def get(self, request: Request, id: UUID) -> Response:
        """Show an assistant."""
        assistant = selectors.assistant_for(actor_of(request), id)
        return Response(assistant_object(assistant))

    @extend_schema(request=AssistantChange, responses=AssistantObject)
    def patch(self, request: Request, id: UUID) -> Response:
        """Change an assistant; answers that begin from now on follow it."""
        actor = actor_of(request)
        assistant = selectors.assistant_for(actor, id)
        body = AssistantChange(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        assistant = services.update(assistant=assistant, values=body.validated_data)
        shown = assistant_object(assistant)
        return Response(readable(shown, by=actor, scope=self.scope, hidden=HIDDEN))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Remove an assistant; 409 ``in_use`` while something refers to it."""
        services.delete(assistant=selectors.assistant_for(actor_of(request), id))
        return Response(status=status.HTTP_204_NO_CONTENT)
