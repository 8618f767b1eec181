"""``/api/v1/conversations/<id>/events/``: what happened in one conversation."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.api import FEED, FEED_ANSWERS, feed
from channels_layer.rest import IsAgent, actor_of
from conversations.selectors.conversations import conversation_for


class ConversationEventsView(APIView):
    """``events/``: the event log of the conversation's topic."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(
        operation_id="conversations_events_list", parameters=FEED, responses=FEED_ANSWERS
    )
    def get(self, request: Request, id: UUID) -> Response:
        """Return the conversation's events after a seq, in order, without gaps."""
        actor = actor_of(request)
        return feed(request, actor, conversation_for(actor, id).topic)
