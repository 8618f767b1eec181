"""``/api/v1/attachments/``: uploading a file for a message to carry, trying again what failed."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.rest import IsAgent, actor_of, readable
from conversations.api import uploads
from conversations.objects.attachment import HIDDEN, AttachmentObject, attachment_object, linked
from conversations.selectors import attachments as selectors
from conversations.services import attachments as services
from conversations.services import readings

FORM = {
    "multipart/form-data": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
    }
}


class AttachmentsView(APIView):
    """``attachments/``: taking a file in."""

    permission_classes = [IsAgent]
    parser_classes = [MultiPartParser]
    scope = "conversations"
    writes_outside = True

    @extend_schema(request=FORM, responses={201: AttachmentObject})
    def post(self, request: Request) -> Response:
        """Upload a file; a message of the same writer may carry it within 24 hours."""
        upload = uploads.upload_of(request)
        attachment = services.store(upload=upload, by=actor_of(request), at=timezone.now())
        body = linked(attachment_object(attachment))
        return Response(body, status=status.HTTP_201_CREATED)


class RetryView(APIView):
    """``attachments/<id>/retry/``: trying again what failed."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=None, responses={202: AttachmentObject})
    def post(self, request: Request, id: UUID) -> Response:
        """Let a worker fetch or read the file once more; 409 ``nothing_to_retry`` or ``gone``."""
        actor = actor_of(request)
        attachment = selectors.attachment_for(actor, id)
        readings.retry(attachment=attachment, at=timezone.now())
        shown = linked(attachment_object(selectors.attachment_for(actor, id)))
        body = readable(shown, by=actor, scope=self.scope, hidden=HIDDEN)
        return Response(body, status=status.HTTP_202_ACCEPTED)
