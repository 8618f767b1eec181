"""``/api/v1/sources/``: where conversations come from; administrators change them."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Actor
from channels_layer.rest import (
    PAGING,
    IsAgentReadsAdministratorWrites,
    actor_of,
    page_of,
    paging,
    readable,
)
from conversations.models import Source
from conversations.objects.source import Json, SourceObject, source_object, without_names
from conversations.selectors import sources as selectors
from conversations.serializers.assistants import SourceChange, SourceStart
from conversations.services import sources as services

ORDER = ("name", "id")


class SourcesView(APIView):
    """``/sources/``: all of them; a new one."""

    permission_classes = [IsAgentReadsAdministratorWrites]
    scope = "sources"

    @extend_schema(operation_id="sources_list", parameters=PAGING, responses=page_of(SourceObject))
    def get(self, request: Request) -> Response:
        """List sources by name."""
        page = paging.page(selectors.sources(actor_of(request)), request, order=ORDER)
        return Response(page.body([source_object(row) for row in page.rows]))

    @extend_schema(request=SourceStart, responses={201: SourceObject})
    def post(self, request: Request) -> Response:
        """Make a source of a kind that needs nothing else."""
        body = SourceStart(data=request.data)
        body.is_valid(raise_exception=True)
        source = services.create(values=body.validated_data)
        return Response(_shown(source, actor_of(request)), status=status.HTTP_201_CREATED)


class SourceView(APIView):
    """``/sources/<id>/``: one of them."""

    permission_classes = [IsAgentReadsAdministratorWrites]
    scope = "sources"

    @extend_schema(responses=SourceObject)
    def get(self, request: Request, id: UUID) -> Response:
        """Show a source."""
        return Response(source_object(selectors.source_for(actor_of(request), id)))

    @extend_schema(request=SourceChange, responses=SourceObject)
    def patch(self, request: Request, id: UUID) -> Response:
        """Change a source; conversations that begin from now on follow it."""
        actor = actor_of(request)
        source = selectors.source_for(actor, id)
        body = SourceChange(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        source = services.update(source=source, values=body.validated_data)
        return Response(_shown(source, actor))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Remove a source; 409 ``in_use`` while conversations came through it."""
        services.delete(source=selectors.source_for(actor_of(request), id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _shown(source: Source, actor: Actor) -> Json:
    return readable(source_object(source), by=actor, scope="sources", hidden=without_names)
