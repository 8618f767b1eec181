"""``/api/v1/tools/`` and ``/api/v1/articles/``: tools and articles of assistants."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.rest import (
    IsAgent,
    IsAgentReadsAdministratorWrites,
    actor_of,
    page_of,
    parameters_of,
    query_of,
    readable,
)
from chats import tools
from chats.filters import ArticleFilter
from chats.objects.knowledge import HIDDEN, ArticleObject, article_object
from chats.selectors import knowledge as selectors
from chats.serializers.knowledge import ArticleChange, ArticleStart
from chats.services import articles as services
from chats.tools.objects import ToolObject, tool_object


class ToolsView(APIView):
    """``/tools/``: what an assistant may be given."""

    permission_classes = [IsAgent]
    scope = "assistants"

    @extend_schema(operation_id="tools_list", responses=page_of(ToolObject))
    def get(self, request: Request) -> Response:
        """List all tools by name."""
        del request
        found = [tool_object(tool) for tool in tools.everything()]
        return Response({"next": None, "previous": None, "results": found})


class ArticlesView(APIView):
    """``/articles/``: all of them, or one assistant's; a new one."""

    permission_classes = [IsAgentReadsAdministratorWrites]
    scope = "assistants"

    @extend_schema(
        operation_id="articles_list",
        parameters=parameters_of(ArticleFilter),
        responses=page_of(ArticleObject),
    )
    def get(self, request: Request) -> Response:
        """List articles, the last changed first."""
        query = query_of(ArticleFilter, request, at=timezone.now())
        page = query.page(query.queryset())
        return Response(page.body([article_object(row) for row in page.rows]))

    @extend_schema(request=ArticleStart, responses={201: ArticleObject})
    def post(self, request: Request) -> Response:
        """Write an article."""
        body = ArticleStart(data=request.data)
        body.is_valid(raise_exception=True)
        article = services.write(**body.validated_data, at=timezone.now())
        return Response(article_object(article), status=status.HTTP_201_CREATED)


class ArticleView(APIView):
    """``/articles/<id>/``: one of them."""

    permission_classes = [IsAgentReadsAdministratorWrites]
    scope = "assistants"

    @extend_schema(responses=ArticleObject)
    def get(self, request: Request, id: UUID) -> Response:
        """Show an article."""
        return Response(article_object(selectors.article_for(actor_of(request), id)))

    @extend_schema(request=ArticleChange, responses=ArticleObject)
    def patch(self, request: Request, id: UUID) -> Response:
        """Change an article; an inactive one is not found any more."""
        actor = actor_of(request)
        article = selectors.article_for(actor, id)
        body = ArticleChange(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        article = services.update(article=article, **body.validated_data, at=timezone.now())
        shown = article_object(article)
        return Response(readable(shown, by=actor, scope=self.scope, hidden=HIDDEN))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Remove an article."""
        services.delete(article=selectors.article_for(actor_of(request), id))
        return Response(status=status.HTTP_204_NO_CONTENT)
