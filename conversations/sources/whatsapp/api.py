"""``/api/v1/``: the templates of a conversation's number, and the numbers."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.rest import PAGING, IsAdministrator, IsAgent, actor_of, page_of, paging
from conversations.selectors.conversations import conversation_for
from conversations.sources.whatsapp import objects, selectors
from conversations.sources.whatsapp.objects import SenderObject, Synced, TemplateObject
from conversations.sources.whatsapp.services import templates as services

ORDER = ("place", "name", "language", "id")


class TemplatesView(APIView):
    """``conversations/<id>/templates/``: what may be said after the window, for a picker."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(
        operation_id="conversations_templates_list",
        parameters=[
            OpenApiParameter("search", str, description="Words of the name or text."),
            *PAGING,
        ],
        responses=page_of(TemplateObject),
    )
    def get(self, request: Request, id: UUID) -> Response:
        """List templates by name, those that can be sent first; other sources have none."""
        conversation = conversation_for(actor_of(request), id)
        search = request.query_params.get("search", "")
        found = selectors.templates_for(conversation, search=search)
        page = paging.page(found, request, order=ORDER)
        return Response(page.body([objects.template_object(row) for row in page.rows]))


class SendersView(APIView):
    """``senders/``: the WhatsApp numbers."""

    permission_classes = [IsAgent]
    scope = "sources"

    @extend_schema(operation_id="senders_list", parameters=PAGING, responses=page_of(SenderObject))
    def get(self, request: Request) -> Response:
        """List numbers, oldest first."""
        page = paging.page(selectors.senders(), request, order=("id",))
        at = timezone.now()
        return Response(page.body([selectors.sender_object(row, at=at) for row in page.rows]))


class SyncView(APIView):
    """``senders/<id>/sync/``: fetch the templates from Meta."""

    permission_classes = [IsAdministrator]
    scope = "sources"
    writes_outside = True

    @extend_schema(request=None, responses=Synced)
    def post(self, request: Request, id: UUID) -> Response:
        """Fetch the templates of a number from Meta; 422 ``not_synced`` with Meta's reason."""
        del request
        number = services.sync(sender=selectors.sender_for(id), at=timezone.now())
        return Response({"templates": number})
