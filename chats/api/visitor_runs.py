"""What the widget's visitors may do with runs: stop the answer they are reading."""

from uuid import UUID

from django.utils import timezone
from rest_framework import status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from chats.models import Run
from chats.services import cancellations
from conversations.sources.widget.api import WidgetView


class CancelView(WidgetView):
    """``POST /widget/<key>/conversations/<id>/runs/<id>/cancel``: stop the answer."""

    def post(self, request: Request, key: str, id: UUID, run: UUID) -> Response:
        """Ask for the stop, or 409 ``not_running``."""
        del request, key
        row = get_object_or_404(Run, pk=run, conversation=self.conversation(id))
        cancellations.cancel(run=row, by=self.token.actor, at=timezone.now())
        return Response({"id": str(row.pk)}, status=status.HTTP_202_ACCEPTED)
