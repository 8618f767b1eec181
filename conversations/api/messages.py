"""``/api/v1/conversations/<id>/messages/`` and ``customer-messages/``: reading and writing."""

import re
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Actor
from channels_layer.errors import InvalidError
from channels_layer.rest import (
    PAGING,
    POSITION,
    IsAgent,
    actor_of,
    page_of,
    paging,
    readable,
    values,
)
from conversations.models import Conversation, Message
from conversations.objects.conversation import Json
from conversations.objects.message import (
    MessageObject,
    message_object,
    without_content,
    without_customer,
)
from conversations.selectors import conversations as conversation_selectors
from conversations.selectors import messages as selectors
from conversations.selectors.messages import Page
from conversations.serializers.messages import CustomerWords, StaffWords
from conversations.services import deliveries, intake
from conversations.services import messages as services

CURSOR = re.compile(r"(before|after)\.([0-9]{1,9})")


class MessagesView(APIView):
    """``messages/``: a stretch of the thread; saying something as staff or as a system."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(
        operation_id="conversations_messages_list",
        parameters=[
            OpenApiParameter("before", POSITION, description="Only positions below."),
            OpenApiParameter("after", POSITION, description="Only positions above."),
            *PAGING,
        ],
        responses=page_of(MessageObject),
    )
    def get(self, request: Request, id: UUID) -> Response:
        """List messages by position; without ``before`` and ``after`` the newest page."""
        actor = actor_of(request)
        conversation = self.conversation(actor, id)
        before, after = _bounds(request)
        limit = paging.limit_of(request.query_params)
        page = selectors.page(conversation, actor, before=before, after=after, limit=limit)
        return Response(_body(page))

    @extend_schema(request=StaffWords, responses={201: MessageObject, 200: MessageObject})
    def post(self, request: Request, id: UUID) -> Response:
        """Write a message or note; 200 with the first one for a ``client_id`` seen before."""
        actor = actor_of(request)
        conversation = self.conversation(actor, id)
        body = StaffWords(data=request.data)
        body.is_valid(raise_exception=True)
        message, is_new = services.post(
            conversation=conversation, by=actor, draft=body.draft(), at=timezone.now()
        )
        return _written(message, actor, is_new=is_new)

    def conversation(self, actor: Actor, identifier: UUID) -> Conversation:
        """Return the conversation, or 404; for a message, no more than that needs of it."""
        if self.request.method == "POST":
            return conversation_selectors.addressed_by(actor, identifier)
        return conversation_selectors.conversation_for(actor, identifier)


class ResendView(APIView):
    """``messages/<id>/resend/``: try again what did not reach the customer."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=None, responses=MessageObject)
    def post(self, request: Request, id: UUID, message: UUID) -> Response:
        """Queue what failed, or may have failed, once more; 409 ``not_failed`` if nothing did."""
        actor = actor_of(request)
        conversation = conversation_selectors.conversation_for(actor, id)
        found = selectors.message_for(actor, conversation, message)
        sent = deliveries.resend(conversation=conversation, message=found, at=timezone.now())
        shown = message_object(sent)
        return Response(readable(shown, by=actor, scope=self.scope, hidden=without_content))


class CustomerMessagesView(APIView):
    """``customer-messages/``: what the customer of an ``api`` source said elsewhere."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(request=CustomerWords, responses={201: MessageObject, 200: MessageObject})
    def post(self, request: Request, id: UUID) -> Response:
        """Write as the customer (API keys alone); the assistant answers."""
        actor = actor_of(request)
        conversation = conversation_selectors.addressed_by(actor, id)
        body = CustomerWords(data=request.data)
        body.is_valid(raise_exception=True)
        message, is_new = intake.relay(
            conversation=conversation, by=actor, draft=body.draft(), at=timezone.now()
        )
        return _written(message, actor, is_new=is_new)


def _written(message: Message, actor: Actor, *, is_new: bool) -> Response:
    code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
    shown = message_object(message)
    body = readable(shown, by=actor, scope="conversations", hidden=without_customer)
    return Response(body, status=code)


def _bounds(request: Request) -> tuple[int | None, int | None]:
    """Read ``before`` and ``after``, or the cursor that stands for one of them."""
    if cursor := request.query_params.get("cursor"):
        match = CURSOR.fullmatch(cursor)
        if match is None:
            reason = _("This is no cursor of this list.")
            raise InvalidError(reason, fields={"cursor": [reason]})
        position = int(match[2])
        return (position, None) if match[1] == "before" else (None, position)
    before, after = (values.position(request.query_params, name) for name in ("before", "after"))
    return before, after


def _body(page: Page) -> Json:
    found = page.messages
    following = f"after.{found[-1].position}" if found and page.has_later else None
    previous = f"before.{found[0].position}" if found and page.has_earlier else None
    results = [message_object(message) for message in found]
    return {"next": following, "previous": previous, "results": results}
